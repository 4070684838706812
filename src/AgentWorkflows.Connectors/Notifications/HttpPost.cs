using System.Net;
using System.Net.Http.Headers;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>
/// Posts JSON to addresses of the configuration. Bounded in time, follows no redirect, reads no answer beyond its status. The address is a secret: what is told of a
/// failure names its host only. Thread-safe.
/// </summary>
internal sealed class HttpPost : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
    })
    {
        Timeout = Timeout,
        // Nothing is read; this holds if something ever is.
        MaxResponseContentBufferSize = 64 * 1024,
    };

    internal async Task<DeliveryResult> SendAsync(
        Uri address, byte[] json, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? new DeliveryResult.Delivered() : Refused(address, response.StatusCode);
        }
        catch (HttpRequestException exception)
        {
            return new DeliveryResult.Failed($"{address.Host} cannot be reached: {Words(exception.HttpRequestError)}.", Final: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult.Failed($"{address.Host} did not answer within {Timeout.TotalSeconds:0} s.", Final: false);
        }
    }

    public void Dispose() => _http.Dispose();

    private static DeliveryResult.Failed Refused(Uri address, HttpStatusCode status)
    {
        // 408, 425 and 429 ask to come again; 401 to 404 may be a key or an address that is being changed.
        var final = (int)status is >= 300 and < 500 and not (401 or 403 or 404 or 408 or 425 or 429);
        return new DeliveryResult.Failed($"{address.Host} answered {(int)status}.", final);
    }

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no trusted TLS connection",
        _ => "the connection broke",
    };
}
