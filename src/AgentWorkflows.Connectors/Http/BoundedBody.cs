using System.Buffers;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Reads no more of an answer than is asked for, counted after it is unpacked: what a small answer unfolds to is bounded like a large one.</summary>
internal static class BoundedBody
{
    public static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (true)
            {
                var left = maxBytes - (int)body.Length;
                var read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left + 1)), cancellationToken);
                if (read == 0)
                {
                    return (body.ToArray(), false);
                }
                body.Write(buffer, 0, Math.Min(read, left));
                if (read > left)
                {
                    return (body.ToArray(), true);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
