using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>Which actions of a session may have taken effect, and nobody knows. Pure.</summary>
internal static class EffectsInDoubt
{
    /// <summary>Without those whose same call, under the same key, succeeded later: that has settled what the first one left open.</summary>
    public static IReadOnlyList<CompensationEntry> Of(IReadOnlyList<CompensationEntry> stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var settled = stack.Where(entry => entry.Action == ActionOutcome.Done).Select(entry => entry.IdempotencyKey).ToHashSet(StringComparer.Ordinal);
        return [.. stack.Where(entry => entry.Action == ActionOutcome.Unknown && !settled.Contains(entry.IdempotencyKey))];
    }
}
