using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>One writer for each partition in use. Thread-safe.</summary>
internal sealed class ScopeWriters(TableClient table)
{
    private const int MaxKept = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ScopeWriter> _writers = new(StringComparer.Ordinal);

    public ScopeWriter For(string partition)
    {
        lock (_lock)
        {
            if (_writers.TryGetValue(partition, out var known))
            {
                return known;
            }
            if (_writers.Count >= MaxKept)
            {
                // Two writers of one partition are as safe as two processes.
                foreach (var idle in _writers.Where(pair => pair.Value.Idle).Select(pair => pair.Key).ToList())
                {
                    _writers.Remove(idle);
                }
            }
            return _writers[partition] = new ScopeWriter(table, partition);
        }
    }
}
