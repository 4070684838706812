using AgentWorkflows.Guards;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Everything that can happen to a session, as its orchestration sees it. A closed set; what each makes of the state stands in <see cref="SessionFold"/>.</summary>
internal abstract record SessionEvent
{
    /// <summary>A step is about to be called.</summary>
    public sealed record StepScheduled : SessionEvent;

    /// <summary>The turns of a fork's source were copied.</summary>
    public sealed record ForkCopied(ForkOutput Copied) : SessionEvent;

    /// <summary>The goal was judged, for the deployment that plans.</summary>
    public sealed record GoalClassified(bool Simple) : SessionEvent;

    /// <summary>Before a turn: what had been spent at this age of the session.</summary>
    public sealed record SpendSampled(TimeSpan Age) : SessionEvent;

    public sealed record TurnBegan : SessionEvent;

    /// <summary>A model or a tool has charged.</summary>
    public sealed record Charged(int Tokens, Micros CostMicros) : SessionEvent;

    /// <summary>A plan is asked for once more, after patience or on another deployment.</summary>
    public sealed record PlanAskedAgain(bool Simple, bool TakesRetry, bool TakesWait) : SessionEvent;

    public sealed record RetryTaken : SessionEvent;

    /// <summary>The turns up to this one are told in few words from here on.</summary>
    public sealed record ContextReplaced(int UpToTurn) : SessionEvent;

    /// <summary>The context was looked after between two turns.</summary>
    public sealed record ContextTended(bool HalfOfMaxAgePassed) : SessionEvent;

    /// <summary>Loop detection has looked at the calls of a plan.</summary>
    public sealed record TurnJudged(LoopState Loop, bool RefreshDue, string? Notice) : SessionEvent;

    public sealed record CallRefused(GatedCall Call) : SessionEvent;

    /// <summary>A call is about to be made. One that can be taken back, or never, is on the saga stack from here on: before its action.</summary>
    public sealed record CallBegan(GatedCall Call, string IdempotencyKey) : SessionEvent;

    /// <summary>What is known of the action of an entry of the saga stack.</summary>
    public sealed record ActionEnded(int EntryIndex, ActionOutcome Action) : SessionEvent
    {
        /// <summary>Of the arguments that ran, where a person put others in place of the planned ones.</summary>
        public string? EditedPrint { get; init; }

        /// <summary>A look, or a person, said so of whatever ran under this key.</summary>
        public bool Settled { get; init; }
    }

    public sealed record CallObserved(GatedCall Call, ObserveOutput Observed) : SessionEvent;

    /// <summary>A person is asked.</summary>
    public sealed record WaitBegan(DateTimeOffset At) : SessionEvent;

    /// <summary>A person has decided, or the time to do so is over.</summary>
    public sealed record WaitEnded(DateTimeOffset At) : SessionEvent;

    /// <summary>An entry of the saga stack was taken back, or could not be.</summary>
    public sealed record Compensated(int EntryIndex, CompensateOutput Output) : SessionEvent;
}
