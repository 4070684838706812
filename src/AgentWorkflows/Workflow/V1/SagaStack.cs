using AgentWorkflows.Compensation;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>The saga's rules over its stack. Pure.</summary>
internal static class SagaStack
{
    public static IReadOnlyList<CompensationEntry> Register(IReadOnlyList<CompensationEntry> stack, CompensationEntry entry)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(entry);
        return [.. stack, entry with { Index = stack.Count }];
    }

    public static IReadOnlyList<CompensationEntry> Change(
        IReadOnlyList<CompensationEntry> stack, int index, Func<CompensationEntry, CompensationEntry> change)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(change);
        return [.. stack.Select(entry => entry.Index == index ? change(entry) : entry)];
    }

    /// <summary>
    /// What is known of an action after its call. A call that was made again under the key of an earlier one stands for both of them: what is taken back is taken back once.
    /// </summary>
    public static IReadOnlyList<CompensationEntry> Ended(IReadOnlyList<CompensationEntry> stack, SessionEvent.ActionEnded ended)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(ended);
        var key = stack.FirstOrDefault(entry => entry.Index == ended.EntryIndex)?.IdempotencyKey;
        // That a repetition changed nothing says nothing of the first, unless somebody has looked.
        var represents = ended.Action != ActionOutcome.NotDone || ended.Settled;
        return [.. stack.Select(entry => entry switch
        {
            _ when entry.Index == ended.EntryIndex => entry with
            {
                Action = ended.Action,
                Status = ended.Action == ActionOutcome.NotDone ? CompensationStatus.NotNeeded : CompensationStatus.Registered,
                Print = ended.EditedPrint ?? entry.Print,
            },
            { Action: ActionOutcome.Unknown, Status: CompensationStatus.Registered } when represents && entry.IdempotencyKey == key => entry with
            {
                Action = ended.Action == ActionOutcome.NotDone ? ActionOutcome.NotDone : entry.Action,
                Status = CompensationStatus.NotNeeded,
                Message = "The same call was made again under this key, and stands for both.",
            },
            _ => entry,
        })];
    }

    /// <summary>What has to run, last registered first. Entries that are settled, or whose action had no effect, are left alone: nothing is compensated twice.</summary>
    public static IReadOnlyList<CompensationEntry> Outstanding(IReadOnlyList<CompensationEntry> stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return [.. stack
            .Where(entry => entry is { Status: CompensationStatus.Registered or CompensationStatus.Failed or CompensationStatus.Unknown or CompensationStatus.Declined, Action: not ActionOutcome.NotDone })
            .OrderByDescending(entry => entry.Index)];
    }

    /// <summary>Calls that may have taken effect, where the same call can be recognized.</summary>
    public static IReadOnlyList<CallInDoubt> InDoubt(IReadOnlyList<CompensationEntry> stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return [.. EffectsInDoubt.Of(stack).Where(entry => entry.Print is not null).Select(entry => new CallInDoubt(entry.Tool, entry.Print!, entry.IdempotencyKey) { ResourcePrint = entry.ResourcePrint })];
    }

    /// <summary>What a session is after its rollback, or <paramref name="without"/> when there was nothing to take back.</summary>
    public static SessionStatus Outcome(IReadOnlyList<CompensationEntry> stack, SessionStatus without)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (stack.Any(entry => entry.Status is CompensationStatus.Failed or CompensationStatus.Unknown or CompensationStatus.Declined or CompensationStatus.Irreversible))
        {
            return SessionStatus.RollbackIncomplete;
        }
        return stack.Any(entry => entry.Status == CompensationStatus.Done) ? SessionStatus.RolledBack : without;
    }
}
