using AgentWorkflows.Compensation;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What an event makes of a session's state. Pure, and total over the closed set.</summary>
internal static class SessionFold
{
    public static SessionState After(SessionState state, SessionEvent happened) => happened switch
    {
        SessionEvent.StepScheduled => state with { Revision = state.Revision + 1 },
        // The counters of the turns that were taken over count on, so that a fork is no way around a limit on calls; money, tokens, retries and age start at zero,
        // because the fork itself has used none. The saga stack starts empty: the source owns what it did.
        SessionEvent.ForkCopied { Copied: var copied } => state with
        {
            ToolCalls = copied.CallsByTool.Values.Sum(),
            SucceededCalls = copied.SucceededCalls,
            CallsByTool = copied.CallsByTool,
            // The step that copies shares its revision with the next one: recorded histories compare the result of a fork, and they have it so.
            Revision = state.Revision - 1,
        },
        SessionEvent.GoalClassified classified => state with { Simple = classified.Simple },
        SessionEvent.SpendSampled sampled => state with { Spend = BurnRate.Add(state.Spend, sampled.Age, state.CostMicros) },
        SessionEvent.TurnBegan => state with { Turn = state.Turn + 1 },
        SessionEvent.Charged charged => state with { Tokens = state.Tokens + charged.Tokens, CostMicros = state.CostMicros + charged.CostMicros },
        SessionEvent.PlanAskedAgain again => state with
        {
            Simple = again.Simple,
            Retries = state.Retries + (again.TakesRetry ? 1 : 0),
            ModelWaits = state.ModelWaits + (again.TakesWait ? 1 : 0),
        },
        SessionEvent.RetryTaken => state with { Retries = state.Retries + 1 },
        SessionEvent.ContextReplaced replaced => state with { SummarizedUpTo = replaced.UpToTurn },
        SessionEvent.ContextTended tended => state with { RefreshDue = false, RefreshedByAge = state.RefreshedByAge || tended.HalfOfMaxAgePassed },
        SessionEvent.TurnJudged judged => state with
        {
            Loop = judged.Loop,
            RefreshDue = state.RefreshDue || judged.RefreshDue,
            Notice = judged.Notice,
        },
        SessionEvent.CallRefused { Call: var call } => state with { Loop = LoopGuard.Saw(state.Loop, call.Print, succeeded: false, changesSomething: false) },
        SessionEvent.CallBegan began => Registered(Counted(state, began.Call), began),
        SessionEvent.ActionEnded ended => state with { Saga = SagaStack.Ended(state.Saga, ended) },
        SessionEvent.CallObserved observed => Observed(state, observed),
        SessionEvent.WaitBegan began => state with { OpenWaits = state.OpenWaits + 1, WaitingSince = state.WaitingSince ?? began.At },
        SessionEvent.WaitEnded ended => WaitEnded(state, ended.At),
        SessionEvent.Compensated compensated => state with
        {
            Saga = SagaStack.Change(state.Saga, compensated.EntryIndex, entry => entry with
            {
                Status = compensated.Output.Status,
                Message = compensated.Output.Message,
            }),
        },
        _ => throw new InvalidOperationException($"A session's state does not know the event {happened.GetType().Name}."),
    };

    private static SessionState Counted(SessionState state, GatedCall call)
    {
        var calls = new Dictionary<string, int>(state.CallsByTool, StringComparer.Ordinal);
        calls[call.Tool] = calls.GetValueOrDefault(call.Tool) + 1;
        return state with { ToolCalls = state.ToolCalls + 1, CallsByTool = calls };
    }

    private static SessionState Registered(SessionState state, SessionEvent.CallBegan began) => !began.Call.Compensable && !began.Call.Irreversible
        ? state
        : state with
        {
            Saga = SagaStack.Register(state.Saga, new CompensationEntry
            {
                Index = state.Saga.Count,
                Turn = state.Turn,
                StepId = began.Call.StepId,
                Tool = began.Call.Tool,
                Tier = began.Call.Tier,
                IdempotencyKey = began.IdempotencyKey,
                Print = began.Call.Print.Length > 0 ? began.Call.Print : null,
                ResourcePrint = began.Call.ResourcePrint,
            }),
        };

    private static SessionState Observed(SessionState state, SessionEvent.CallObserved seen)
    {
        var succeeded = seen.Observed.Status == ObservationStatus.Succeeded;
        return state with
        {
            // What the deployment for simple goals expected did not come true: the ordinary one plans from here on.
            Simple = state.Simple && seen.Observed.Status != ObservationStatus.CriteriaFailed,
            Loop = seen.Call.Print.Length > 0
                ? LoopGuard.Saw(state.Loop, seen.Observed.Print, succeeded, changesSomething: seen.Call.Tier != ToolTier.Read)
                : state.Loop,
            SucceededCalls = state.SucceededCalls + (succeeded ? 1 : 0),
        };
    }

    /// <summary>Waits that overlap are one stretch of time, from the first beginning to the last end.</summary>
    private static SessionState WaitEnded(SessionState state, DateTimeOffset at) => state.OpenWaits > 1
        ? state with { OpenWaits = state.OpenWaits - 1 }
        : state with { OpenWaits = 0, Waited = state.WaitedBy(at), WaitingSince = null };
}
