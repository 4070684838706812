namespace AgentWorkflows.Azure.Tables;

internal static class BoundedReads
{
    /// <summary>Reads at once from one account.</summary>
    public const int AtOnce = 32;

    /// <summary>What each key reads, in the keys' order.</summary>
    public static async Task<IReadOnlyList<T?>> AllAsync<TKey, T>(
        IReadOnlyList<TKey> keys, Func<TKey, CancellationToken, Task<T?>> read, CancellationToken cancellationToken)
    {
        var results = new List<T?>(keys.Count);
        foreach (var some in keys.Chunk(AtOnce))
        {
            results.AddRange(await Task.WhenAll(some.Select(key => read(key, cancellationToken))));
        }
        return results;
    }
}
