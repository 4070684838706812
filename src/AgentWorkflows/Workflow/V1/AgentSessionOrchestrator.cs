using AgentWorkflows.Durability;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>
/// One session: plan, gate, act, observe, until there is an answer, a limit or a failure; then, if need be, the way back. Everything here is
/// deterministic; what touches the world is an activity.
/// </summary>
internal sealed class AgentSessionOrchestrator : IOrchestrator<SessionInput, SessionResult>
{
    /// <summary>History per execution stays constant however long a session runs.</summary>
    public const int TurnsPerExecution = 20;

    private readonly record struct Ending(SessionStatus Status, SessionFailure? Failure, bool Answered);

    public async Task<SessionResult> RunAsync(IOrchestrationContext context, SessionInput input)
    {
        var loop = new SessionLoop(context, input);
        Ending? ending;
        try
        {
            await OpenAsync(loop, input);
            ending = await TurnsAsync(loop);
        }
        catch (TaskFailedException e)
        {
            ending = new Ending(SessionStatus.Failed, new SessionFailure(FailureCategory.System, e.Failure.ErrorType, e.Failure.Message), false);
        }
        if (ending is { } end)
        {
            return await EndAsync(loop, end);
        }
        context.ContinueAsNew(input with { Opening = null, State = loop.State });
        return new SessionResult(SessionStatus.Running, null, null, loop.State);
    }

    private static async Task OpenAsync(SessionLoop loop, SessionInput input)
    {
        if (input.Opening is not { } opening)
        {
            return;
        }
        await loop.CallAsync(SessionSteps.Open, new OpenSessionInput(loop.Step(SessionStatus.Running, "plan"), opening, input.StartedAt));
        if (opening.ForkedFrom is { } source)
        {
            loop.Apply(new SessionEvent.ForkCopied(
                await loop.CallAsync(SessionSteps.Fork, new ForkInput(loop.Step(SessionStatus.Running, "fork"), source))));
        }
        if (input.Classify)
        {
            await ClassifyAsync(loop);
        }
    }

    /// <summary>A step that only saves money must not end a session.</summary>
    private static async Task ClassifyAsync(SessionLoop loop)
    {
        try
        {
            var output = await loop.CallAsync(SessionSteps.Classify, new ClassifyInput(loop.Step(SessionStatus.Running, "classify"), loop.Limits));
            loop.Apply(new SessionEvent.Charged(output.Tokens, output.CostMicros));
            loop.Apply(new SessionEvent.GoalClassified(output.Simple));
        }
        catch (TaskFailedException)
        {
            loop.Apply(new SessionEvent.GoalClassified(Simple: false));
        }
    }

    /// <returns><c>null</c> to continue as new.</returns>
    private static async Task<Ending?> TurnsAsync(SessionLoop loop)
    {
        for (var turns = 0; turns < TurnsPerExecution; turns++)
        {
            loop.Apply(new SessionEvent.SpendSampled(loop.Age));
            if (GuardVerdictOf(SessionGuard.CheckTurn(loop.State, loop.Limits, loop.Age)) is { } limit)
            {
                return Limited(loop, limit);
            }
            await ContextCare.RunAsync(loop);
            var costBefore = loop.State.CostMicros;
            loop.Apply(new SessionEvent.TurnBegan());
            var planned = await PlanCalls.RunAsync(loop);
            switch (planned.Kind)
            {
                case PlanKind.Answer:
                    if (planned.Draft)
                    {
                        await AnswerCalls.RunAsync(loop);
                    }
                    return new Ending(SessionStatus.Completed, null, true);
                case PlanKind.Steps:
                    break;
                default:
                    return Failed(loop, planned.Failure!);
            }
            var gated = await loop.CallAsync(SessionSteps.Gate, new GateInput(loop.Step(SessionStatus.Running, "gate"), loop.State.CallsByTool, loop.Limits)
            {
                InDoubt = SagaStack.InDoubt(loop.State.Saga),
            });
            if (await LoopWatch.RunAsync(loop, gated, costBefore) is { } stop)
            {
                return stop.Status == SessionStatus.Halted ? Limited(loop, stop.Failure) : new Ending(stop.Status, stop.Failure, false);
            }
        }
        return null;
    }

    private static SessionFailure? GuardVerdictOf(GuardVerdict verdict) => (verdict as GuardVerdict.Halt)?.Failure;

    /// <summary>
    /// A limit ends the session with what it has; with nothing in hand it is halted. Where halts take back what was done and something was, it is halted too: half of an effect is
    /// worth less than none, and a partial answer would tell of what is no longer so.
    /// </summary>
    private static Ending Limited(SessionLoop loop, SessionFailure failure) =>
        new(loop.State.SucceededCalls > 0 && !loop.LimitsTakeBack ? SessionStatus.CompletedPartially : SessionStatus.Halted, failure, false);

    /// <summary>With nothing to take back, what was found out is kept: a partial answer is more than none.</summary>
    private static Ending Failed(SessionLoop loop, SessionFailure failure) =>
        failure.Category == FailureCategory.Budget || (loop.State.SucceededCalls > 0 && !(loop.Rollback.OnFailure && loop.State.Saga.Count > 0))
            ? Limited(loop, failure)
            : new Ending(SessionStatus.Failed, failure, false);

    private static async Task<SessionResult> EndAsync(SessionLoop loop, Ending ending)
    {
        var status = ending.Status;
        var policy = loop.Rollback;
        var takesBack = status switch
        {
            SessionStatus.Failed => policy.OnFailure,
            SessionStatus.Halted => policy.OnHalt,
            SessionStatus.Rejected => policy.OnRejection,
            _ => false,
        };
        if (takesBack)
        {
            await SagaRollback.RunAsync(loop);
            status = SagaStack.Outcome(loop.State.Saga, status);
        }
        var closed = await loop.CallAsync(SessionSteps.Close, new CloseSessionInput(loop.Step(status, "done"), ending.Answered, ending.Failure));
        // Histories recorded before the step gave it back have it redacted here, with the patterns of then.
        return new SessionResult(status, closed.Answer, closed.Failure ?? ending.Failure?.Redacted(), loop.State);
    }
}
