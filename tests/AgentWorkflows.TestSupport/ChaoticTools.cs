using System.Collections.Concurrent;
using System.Text.Json;
using AgentWorkflows.Tools;

namespace AgentWorkflows.TestSupport;

/// <summary>Tools that go wrong before and after their effects, as a seed says: the same for the same call and attempt.</summary>
public sealed class ChaoticTools(IToolCatalog inner, int seed) : IToolCatalog
{
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>Called before a tool runs, with how many have run before it.</summary>
    public Action<ToolInvocation>? Called { get; set; }

    public IReadOnlyCollection<string> Names => inner.Names;

    public ITool? Find(string implementation) => inner.Find(implementation) is { } tool ? new Chaotic(tool, this) : null;

    private async Task<ToolResult> RunAsync(ITool tool, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var attempt = _attempts.AddOrUpdate(invocation.IdempotencyKey, 1, (_, count) => count + 1);
        Called?.Invoke(invocation);
        switch (Chance(invocation, attempt))
        {
            case < 6:
                return ToolResult.Transient("The line is busy.", "Again.");
            case < 10:
                throw new InvalidOperationException("before the effect");
            case < 14:
                await tool.ExecuteAsync(invocation, cancellationToken);
                throw new InvalidOperationException("after the effect");
            case < 28:
                await tool.ExecuteAsync(invocation, cancellationToken);
                return ToolResult.Transient("The answer was lost.", "Again.");
            // After an answer that was lost, a refusal is the cruellest: it must not hide that there was an effect.
            case < 32:
            case < 60 when attempt > 1:
                return ToolResult.Permanent("Not today.", "Something else.");
            default:
                return await tool.ExecuteAsync(invocation, cancellationToken);
        }
    }

    /// <summary>0 to 99.</summary>
    private int Chance(ToolInvocation invocation, int attempt)
    {
        var hash = (uint)seed;
        foreach (var c in $"{invocation.IdempotencyKey}#{attempt}")
        {
            hash = (hash ^ c) * 16_777_619;
        }
        return (int)((hash >> 8) % 100);
    }

    private sealed class Chaotic(ITool tool, ChaoticTools chaos) : ITool
    {
        public string Name => tool.Name;

        public JsonElement ParametersSchema => tool.ParametersSchema;

        public ToolContract? Contract => tool.Contract;

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => chaos.RunAsync(tool, invocation, cancellationToken);
    }
}
