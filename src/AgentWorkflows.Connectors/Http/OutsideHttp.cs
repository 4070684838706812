using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AgentWorkflows.Connectors.Http;

/// <summary>
/// Asks addresses of the outside, of one source: behind the floor (<see cref="TargetRule"/>) at every hop, bounded while it is read, decompressed too, with no proxy, no cookies
/// and no trace headers. Bounded in time by its callers. Sends no request a second time by itself: one that writes goes over a connection of its own, because on one that was
/// used before the platform would send it again when that turns out to be closed. Thread-safe.
/// </summary>
internal sealed class OutsideHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly TargetRule _rule;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _reads;
    private readonly HttpMessageInvoker _writes;

    public OutsideHttp(TargetRule rule, TimeProvider time, IHostResolver? resolver = null)
    {
        (_rule, _time) = (rule, time);
        var connector = new GuardedConnector(rule, resolver ?? new SystemResolver());
        _reads = new HttpMessageInvoker(Handler(connector, TimeSpan.FromMinutes(2)));
        _writes = new HttpMessageInvoker(Handler(connector, TimeSpan.Zero));
    }

    /// <param name="maxBytes">More of the answer is not read.</param>
    public async Task<HttpAnswer> SendAsync(OutsideRequest request, IHttpCredentials? credentials, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var answer = await FollowAsync(request, credentials, maxBytes, cancellationToken);
            // 401 says that nothing was done; a token that was renewed elsewhere, or revoked, is worth one more try.
            return answer is HttpAnswer.Answered { Status: HttpStatusCode.Unauthorized } && credentials?.Forget() == true
                ? await FollowAsync(request, credentials, maxBytes, cancellationToken)
                : answer;
        }
        catch (CredentialsException exception)
        {
            return exception.IsFinal ? new HttpAnswer.Refused(exception.Message) : new HttpAnswer.NotSent(exception.Message);
        }
    }

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private async Task<HttpAnswer> FollowAsync(OutsideRequest request, IHttpCredentials? credentials, int maxBytes, CancellationToken cancellationToken)
    {
        var (address, own) = (request.Address, true);
        for (var hop = 0; ; hop++)
        {
            if (_rule.Refusal(address) is { } refusal)
            {
                return Stopped(request, hop, $"{address.IdnHost} may not be asked: {refusal}");
            }
            using var message = await MessageAsync(request, address, own, credentials, cancellationToken);
            var (answer, redirect) = await SendOnceAsync(request, message, maxBytes, cancellationToken);
            if (redirect is null)
            {
                return answer!;
            }
            if (redirect is Redirect.Refuse refused)
            {
                return Stopped(request, hop + 1, $"{address.IdnHost} sends elsewhere, and that is not followed: {refused.Why}");
            }
            if (hop == RedirectRule.MaxHops)
            {
                return Stopped(request, hop + 1, $"{address.IdnHost} sends elsewhere for the {RedirectRule.MaxHops + 1}th time");
            }
            var follow = (Redirect.Follow)redirect;
            // Once it has left its origin, what leads back was chosen by somebody else.
            (address, own) = (follow.To, own && follow.KeepsCredentials);
        }
    }

    private async Task<(HttpAnswer? Answer, Redirect? Redirect)> SendOnceAsync(OutsideRequest request, HttpRequestMessage message, int maxBytes, CancellationToken cancellationToken)
    {
        var host = message.RequestUri!.IdnHost;
        try
        {
            using var response = await (request.Reads ? _reads : _writes).SendAsync(message, cancellationToken);
            if (RedirectRule.IsRedirect(response.StatusCode)
                && RedirectRule.Decide(message.RequestUri, request.Method, response.StatusCode, response.Headers.Location) is var redirect and not Redirect.TakeAsAnswer)
            {
                return (null, redirect);
            }
            var (body, isCut) = await BoundedBody.ReadAsync(response.Content, maxBytes, cancellationToken);
            var type = response.Content.Headers.ContentType;
            return (new HttpAnswer.Answered(response.StatusCode, type?.MediaType, type?.CharSet, body, isCut) { RetryAfter = RetryAfter(response) }, null);
        }
        catch (HttpRequestException exception) when (Cause<AddressRefusedException>(exception) is { } refused)
        {
            return (new HttpAnswer.Refused($"{host} may not be asked: {refused.Message}"), null);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return (new HttpAnswer.NotSent($"{host} cannot be reached: {Words(exception)}"), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            return (new HttpAnswer.Lost($"{host} was asked, and the answer was lost: {Words(exception)}"), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new HttpAnswer.NotSent($"{host} cannot be reached: no connection within {ConnectTimeout.TotalSeconds:0} s"), null);
        }
    }

    private static HttpAnswer Stopped(OutsideRequest request, int hop, string why) => request.Reads || hop == 0 ? new HttpAnswer.Refused(why) : new HttpAnswer.Lost(why);

    private static async ValueTask<HttpRequestMessage> MessageAsync(
        OutsideRequest request, Uri address, bool own, IHttpCredentials? credentials, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(request.Method, address);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType ?? "application/json");
        }
        else if (!request.Reads && request.Method != HttpMethod.Delete)
        {
            message.Content = new ByteArrayContent([]);
        }
        message.Headers.TryAddWithoutValidation("Accept", "application/json, application/problem+json, text/*;q=0.5, */*;q=0.1");
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentWorkflows", "1"));
        foreach (var (name, value) in own ? request.Headers : [])
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }
        if (own && credentials is not null)
        {
            await credentials.ApplyAsync(message, cancellationToken);
        }
        return message;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } when delta >= TimeSpan.Zero => delta,
        { Date: { } date } when date - _time.GetUtcNow() is var left => left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    private static SocketsHttpHandler Handler(GuardedConnector connector, TimeSpan connectionLifetime) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would look names up itself, where the floor is not.
        UseProxy = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = connectionLifetime,
        MaxConnectionsPerServer = 20,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 0,
        ConnectCallback = connector.ConnectAsync,
    };

    private static TException? Cause<TException>(Exception exception)
        where TException : Exception
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is TException found)
            {
                return found;
            }
        }
        return null;
    }

    private static string Words(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no trusted TLS connection",
        _ when Cause<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "its name cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        InvalidDataException => "it is not packed as it says",
        HttpRequestException { HttpRequestError: var error } when error != HttpRequestError.Unknown => string.Create(CultureInfo.InvariantCulture, $"the connection broke ({error})"),
        _ => "the connection broke",
    };
}
