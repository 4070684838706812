using AgentWorkflows.Costs;

namespace AgentWorkflows.Operations.Reports;

/// <summary>Groups by one property, the dearest first.</summary>
internal sealed class SpendTable
{
    private readonly Dictionary<string, SpendGroup> _groups = new(StringComparer.Ordinal);

    public void Add(string key, LedgerEntry entry)
    {
        var group = Of(key);
        _groups[key] = group with
        {
            CostMicros = group.CostMicros + entry.CostMicros,
            Calls = group.Calls + 1,
            InputTokens = group.InputTokens + (entry.Actual?.InputTokens ?? 0),
            OutputTokens = group.OutputTokens + (entry.Actual?.OutputTokens ?? 0),
        };
    }

    /// <summary>A session that started.</summary>
    public void Add(string key, bool succeeded)
    {
        var group = Of(key);
        _groups[key] = group with { Sessions = group.Sessions + 1, Succeeded = group.Succeeded + (succeeded ? 1 : 0) };
    }

    public IReadOnlyList<SpendGroup> Groups(int most)
    {
        var ordered = _groups.Values.OrderByDescending(group => group.CostMicros).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (ordered.Count <= most)
        {
            return ordered;
        }
        var rest = ordered.Skip(most).Aggregate(new SpendGroup(SpendGroup.Rest, 0, 0), (sum, group) => sum with
        {
            CostMicros = sum.CostMicros + group.CostMicros,
            Calls = sum.Calls + group.Calls,
            InputTokens = sum.InputTokens + group.InputTokens,
            OutputTokens = sum.OutputTokens + group.OutputTokens,
            Sessions = sum.Sessions + group.Sessions,
            Succeeded = sum.Succeeded + group.Succeeded,
        });
        return [.. ordered.Take(most), rest];
    }

    private SpendGroup Of(string key) => _groups.TryGetValue(key, out var group) ? group : new SpendGroup(key, 0, 0);
}
