using System.Net.Http.Headers;
using AgentWorkflows.Connectors.Http;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// Reads a response whole, but never more than <see cref="MaxBytes"/> of it, keeps what it says in the call's <see cref="ChatExchange"/>, and hands the bytes on to the
/// client library. Thread-safe.
/// </summary>
internal sealed class ChatExchangeHandler(ModelProvider provider, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Far more than any answer of 100,000 tokens has.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = ChatExchange.Current;
        var response = await base.SendAsync(request, cancellationToken);
        exchange?.Began(response, time.GetUtcNow());
        try
        {
            if (response.Content.Headers.ContentLength > MaxBytes || await BoundedBody.ReadAsync(response.Content, MaxBytes, cancellationToken) is not { IsCut: false, Body: var whole })
            {
                exchange?.TooLarge();
                throw new HttpRequestException($"The answer has more than {MaxBytes} bytes.");
            }
            exchange?.Arrived(whole, provider);
            response.Content = Copy(whole, response.Content.Headers);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static ByteArrayContent Copy(byte[] body, HttpContentHeaders headers)
    {
        var content = new ByteArrayContent(body);
        foreach (var (name, values) in headers.Where(header => !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }
        return content;
    }
}
