using System.Runtime.CompilerServices;

namespace AgentWorkflows.Azure.Tables;

internal static class Chunks
{
    /// <summary>The sequence in groups of <paramref name="size"/>, the last perhaps smaller.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> Chunk<T>(
        this IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            chunk.Add(item);
            if (chunk.Count == size)
            {
                yield return chunk;
                chunk = new List<T>(size);
            }
        }
        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
