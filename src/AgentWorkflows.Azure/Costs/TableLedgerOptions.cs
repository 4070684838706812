namespace AgentWorkflows.Azure.Costs;

/// <summary>The same for every process on the same tables: with another number of shards a scope's totals are looked for elsewhere.</summary>
internal sealed record TableLedgerOptions
{
    /// <summary>Scopes that so many calls fall under that one partition would hold them up.</summary>
    public IReadOnlyList<string> ShardedPrefixes { get; init; } = ["global-hour:"];

    /// <summary>Partitions of such a scope; default 4, 1 to 16.</summary>
    public int Shards { get; init; } = 4;
}
