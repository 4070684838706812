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
        var run = new SessionRun(context, input);
        Ending? ending;
        try
        {
            await OpenAsync(run);
            ending = await TurnsAsync(run);
        }
        catch (TaskFailedException e)
        {
            ending = new Ending(SessionStatus.Failed, new SessionFailure(FailureCategory.System, e.Failure.ErrorType, e.Failure.Message), false);
        }
        if (ending is { } end)
        {
            return await EndAsync(run, end);
        }
        context.ContinueAsNew(input with { Opening = null, State = run.State });
        return new SessionResult(SessionStatus.Running, null, null, run.State);
    }

    private static async Task OpenAsync(SessionRun run)
    {
        if (run.Input.Opening is { } opening)
        {
            await run.CallAsync(SessionSteps.Open, new OpenSessionInput(run.Step(SessionStatus.Running, "plan"), opening, run.Input.StartedAt));
            if (opening.ForkedFrom is { } source)
            {
                run.State = ForkedState.Continue(run.State, await run.CallAsync(SessionSteps.Fork, new ForkInput(run.Step(SessionStatus.Running, "fork"), source)));
            }
            if (run.Input.Classify)
            {
                await ClassifyAsync(run);
            }
        }
    }

    /// <summary>A step that only saves money must not end a session.</summary>
    private static async Task ClassifyAsync(SessionRun run)
    {
        try
        {
            var output = await run.CallAsync(SessionSteps.Classify, new ClassifyInput(run.Step(SessionStatus.Running, "classify"), run.Input.Limits));
            run.State = run.State with { Simple = output.Simple, Tokens = run.State.Tokens + output.Tokens, CostMicros = run.State.CostMicros + output.CostMicros };
        }
        catch (TaskFailedException)
        {
            run.State = run.State with { Simple = false };
        }
    }

    /// <returns><c>null</c> to continue as new.</returns>
    private static async Task<Ending?> TurnsAsync(SessionRun run)
    {
        for (var turns = 0; turns < TurnsPerExecution; turns++)
        {
            run.State = run.State with { Spend = BurnRate.Add(run.State.Spend, run.Age, run.State.CostMicros) };
            if (GuardVerdictOf(SessionGuard.CheckTurn(run.State, run.Input.Limits, run.Age)) is { } limit)
            {
                return Limited(run, limit);
            }
            await ContextCare.RunAsync(run);
            var costBefore = run.State.CostMicros;
            run.State = run.State with { Turn = run.State.Turn + 1 };
            var planned = await PlanCalls.RunAsync(run);
            switch (planned.Kind)
            {
                case PlanKind.Answer:
                    if (planned.Draft)
                    {
                        await AnswerCalls.RunAsync(run);
                    }
                    return new Ending(SessionStatus.Completed, null, true);
                case PlanKind.Steps:
                    break;
                default:
                    return Failed(run, planned.Failure!);
            }
            var gated = await run.CallAsync(SessionSteps.Gate, new GateInput(run.Step(SessionStatus.Running, "gate"), run.State.CallsByTool, run.Input.Limits));
            if (await LoopWatch.RunAsync(run, gated, costBefore) is { } stop)
            {
                return stop.Status == SessionStatus.Halted ? Limited(run, stop.Failure) : new Ending(stop.Status, stop.Failure, false);
            }
        }
        return null;
    }

    private static SessionFailure? GuardVerdictOf(GuardVerdict verdict) => (verdict as GuardVerdict.Halt)?.Failure;

    /// <summary>A limit ends the session with what it has; with nothing in hand it is halted.</summary>
    private static Ending Limited(SessionRun run, SessionFailure failure) =>
        new(run.State.SucceededCalls > 0 ? SessionStatus.CompletedPartially : SessionStatus.Halted, failure, false);

    /// <summary>With nothing to take back, what was found out is kept: a partial answer is more than none.</summary>
    private static Ending Failed(SessionRun run, SessionFailure failure) =>
        failure.Category == FailureCategory.Budget || (run.State.SucceededCalls > 0 && !(run.Input.Rollback.OnFailure && run.State.Saga.Count > 0))
            ? Limited(run, failure)
            : new Ending(SessionStatus.Failed, failure, false);

    private static async Task<SessionResult> EndAsync(SessionRun run, Ending ending)
    {
        var status = ending.Status;
        var policy = run.Input.Rollback;
        var takesBack = status switch
        {
            SessionStatus.Failed => policy.OnFailure,
            SessionStatus.Halted => policy.OnHalt,
            SessionStatus.Rejected => policy.OnRejection,
            _ => false,
        };
        if (takesBack)
        {
            await SagaRollback.RunAsync(run);
            status = SagaStack.Outcome(run.State.Saga, status);
        }
        var closed = await run.CallAsync(SessionSteps.Close, new CloseSessionInput(run.Step(status, "done"), ending.Answered, ending.Failure));
        return new SessionResult(status, closed.Answer, ending.Failure, run.State);
    }
}
