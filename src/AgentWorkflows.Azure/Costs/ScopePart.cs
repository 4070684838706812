using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Azure.Costs;

/// <summary>What an entry counts for in one partition of a scope. A scope that is not sharded has one.</summary>
/// <param name="LimitMicros">The partition's share of the cap's limit when it was reserved.</param>
internal sealed record ScopePart(string Partition, string Scope, Micros Micros, Micros LimitMicros);

/// <summary>How amounts stand in the partitions of sharded scopes. Pure.</summary>
internal static class ScopeShards
{
    public static IReadOnlyList<string> Partitions(string scope, TableLedgerOptions options) =>
        [.. Enumerable.Range(0, ShardsOf(scope, options)).Select(shard => LedgerKeys.ScopePartition(scope, shard))];

    /// <summary>The partition's share: all shares together are the limit.</summary>
    public static Micros Share(Micros limit, int shards, int shard)
    {
        if (shards == 1 || limit < 0)
        {
            return limit;
        }
        return (limit.Value / shards) + (shard < limit.Value % shards ? 1 : 0);
    }

    /// <summary>Takes room where there is some, beginning at <paramref name="first"/>; an amount that fits into no shard is spread over several.</summary>
    /// <returns><c>null</c>: there is no room, as far as these totals go.</returns>
    public static IReadOnlyList<ScopePart>? Place(CostCap cap, Micros micros, IReadOnlyList<string> partitions, IReadOnlyList<Micros> totals, int first)
    {
        var used = totals.Sum();
        if (micros > cap.LimitMicros - used)
        {
            return null;
        }
        var shards = partitions.Count;
        var order = Enumerable.Range(0, shards).Select(i => (first + i) % shards).ToArray();
        foreach (var shard in order)
        {
            var share = Share(cap.LimitMicros, shards, shard);
            if (micros <= share - totals[shard])
            {
                return [new ScopePart(partitions[shard], cap.Scope, micros, share)];
            }
        }
        var parts = new List<ScopePart>();
        var left = micros;
        foreach (var shard in order)
        {
            var share = Share(cap.LimitMicros, shards, shard);
            var taken = Micros.Min(left, share - totals[shard]);
            if (taken > 0)
            {
                parts.Add(new ScopePart(partitions[shard], cap.Scope, taken, share));
                left -= taken;
            }
        }
        return left == 0 ? parts : null;
    }

    /// <summary>The parts when the entry counts for <paramref name="micros"/>: in each scope the first ones keep what they have, as far as it goes; more than all goes to the first.</summary>
    public static IReadOnlyList<ScopePart> Resize(IReadOnlyList<ScopePart> parts, Micros micros)
    {
        var resized = new List<ScopePart>(parts.Count);
        foreach (var scope in parts.GroupBy(part => part.Scope))
        {
            var left = micros;
            var own = scope.ToArray();
            var counts = new Micros[own.Length];
            for (var i = 0; i < own.Length; i++)
            {
                counts[i] = Micros.Min(left, own[i].Micros);
                left -= counts[i];
            }
            counts[0] += left;
            resized.AddRange(own.Select((part, i) => part with { Micros = counts[i] }));
        }
        return resized;
    }

    private static int ShardsOf(string scope, TableLedgerOptions options) =>
        options.ShardedPrefixes.Any(prefix => scope.StartsWith(prefix, StringComparison.Ordinal)) ? options.Shards : 1;
}
