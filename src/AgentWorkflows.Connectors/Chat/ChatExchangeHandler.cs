using System.Buffers;
using System.Net.Http.Headers;

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
            var body = await ReadAsync(response.Content, cancellationToken);
            if (body is not { } whole)
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

    /// <returns><c>null</c> when there is more than may be read.</returns>
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxBytes)
        {
            return null;
        }
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (kept.Length + read > MaxBytes)
                {
                    return null;
                }
                kept.Write(buffer, 0, read);
            }
            return kept.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
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
