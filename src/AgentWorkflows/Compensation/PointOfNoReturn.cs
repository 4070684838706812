using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>Whether an action still can be taken back without leaving others out of step. Pure.</summary>
internal static class PointOfNoReturn
{
    /// <summary>True when an action that cannot be undone took effect after this one: undoing this one leaves the two out of step.</summary>
    public static bool IsBehind(IReadOnlyList<CompensationEntry> stack, CompensationEntry entry, Func<CompensationEntry, bool> isIrreversible)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return stack.Any(later => later.Index > entry.Index && later.Action != ActionOutcome.NotDone && isIrreversible(later));
    }
}
