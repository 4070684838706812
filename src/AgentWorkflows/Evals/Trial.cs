using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Evals;

/// <summary>What became of one trial.</summary>
internal abstract record TrialOutcome(Micros CostMicros)
{
    public sealed record Scored(TrialRecord Trial, IReadOnlyList<RubricProblem> Problems) : TrialOutcome(Trial.CostMicros + (Trial.Verdict?.CostMicros ?? Micros.Zero))
    {
        public bool Passed => Problems.Count == 0;
    }

    /// <summary>Nothing can be said of the agent: the model, the judge or the run itself did not work.</summary>
    public sealed record NotScored(string Reason, Micros CostMicros) : TrialOutcome(CostMicros);
}

/// <summary>Runs a case once, on a host that is there for this trial alone.</summary>
internal sealed class Trial(IServiceProvider services, EvalCase wanted, TrialTools tools, TrialModels models, Judge judge, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly SessionService _sessions = services.GetRequiredService<SessionService>();
    private readonly IApprovalStore _approvals = services.GetRequiredService<IApprovalStore>();

    /// <param name="timeout">For the whole trial; then it is not scored.</param>
    public async Task<TrialOutcome> RunAsync(decimal maxCostUsd, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var agent = services.GetRequiredService<IAgentCatalog>().Find(wanted.Agent)!;
        var started = time.GetTimestamp();
        var start = await _sessions.StartAsync(Request(agent, maxCostUsd), cancellationToken);
        if (start is not StartSessionOutcome.Started { SessionId: var id })
        {
            return Refused(start);
        }
        SessionView? view;
        do
        {
            view = await _sessions.GetAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Session '{id}' has disappeared.");
            if (models.Dead.IsCompleted && !view.Status.IsTerminal())
            {
                return new TrialOutcome.NotScored($"No model answers. {await models.Dead}", view.Session.Progress.CostMicros);
            }
            if (time.GetElapsedTime(started) > timeout)
            {
                return new TrialOutcome.NotScored($"It did not end within {timeout.TotalSeconds:0} s.", view.Session.Progress.CostMicros);
            }
            foreach (var approval in view.PendingApprovals)
            {
                await DecideAsync(approval, cancellationToken);
            }
            if (!view.Status.IsTerminal())
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
        while (!view.Status.IsTerminal());
        if (models.Dead.IsCompleted && view.Status is not SessionStatus.Completed)
        {
            return new TrialOutcome.NotScored($"No model answers. {await models.Dead}", view.Session.Progress.CostMicros);
        }
        return await ScoreAsync(agent, view, time.GetElapsedTime(started), cancellationToken);
    }

    /// <summary>A goal or a context that is refused as an attack never becomes a session: for the case that is one that was halted.</summary>
    private TrialOutcome Refused(StartSessionOutcome start)
    {
        var problems = start is StartSessionOutcome.Invalid invalid ? invalid.Problems : [];
        if (!problems.Any(problem => problem.Code == StartRequestRules.InjectionDetected))
        {
            return new TrialOutcome.NotScored($"It could not be started. {string.Join(' ', problems.Select(problem => $"{problem.Path}: {problem.Message}"))}", 0);
        }
        var trial = new TrialRecord
        {
            Status = SessionStatus.Halted,
            Failure = new SessionFailure(FailureCategory.Context, StartRequestRules.InjectionDetected, problems[0].Message),
            State = [],
        };
        return new TrialOutcome.Scored(trial, Grader.Grade(wanted, trial));
    }

    private async Task<TrialOutcome> ScoreAsync(AgentDefinition agent, SessionView view, TimeSpan latency, CancellationToken cancellationToken)
    {
        var (session, progress) = (view.Session, view.Session.Progress);
        var transcript = await services.GetRequiredService<SessionInspector>().TranscriptAsync(session.Id, int.MaxValue, cancellationToken);
        var asked = await _approvals.ListAsync(new ApprovalQuery { SessionId = session.Id, Limit = 1000 }, cancellationToken);
        var trial = new TrialRecord
        {
            Status = view.Status,
            Failure = view.Failure ?? progress.Failure,
            Answer = progress.Answer ?? "",
            Calls = [.. transcript.Turns.SelectMany(turn => turn.Calls.Select(call => CallOf(turn.Turn, call)))],
            Asked = [.. asked.OrderBy(approval => approval.RequestedAt).Select(approval => approval.Tool)],
            CostMicros = progress.CostMicros,
            Tokens = progress.Tokens,
            Turns = progress.Turn,
            Latency = latency,
            State = await ReadAsync(agent, session.Id, wanted.Expect.State, cancellationToken),
        };
        if (wanted.Expect.AfterRollback.Count > 0)
        {
            await RollBackAsync(session.Id, cancellationToken);
            trial = trial with { AfterRollback = await ReadAsync(agent, session.Id, wanted.Expect.AfterRollback, cancellationToken) };
        }
        if (wanted.Judge is { } asks)
        {
            var verdict = await judge.AskAsync(asks, wanted.Goal, trial.Answer, agent, session.SnapshotHash, cancellationToken);
            if (verdict.Yes + verdict.No == 0)
            {
                return new TrialOutcome.NotScored($"The judge {asks.Deployment} gave no verdict.", trial.CostMicros + verdict.CostMicros);
            }
            trial = trial with { Verdict = verdict };
        }
        trial = trial with { Unanswered = tools.Unanswered };
        return new TrialOutcome.Scored(trial, Grader.Grade(wanted, trial));
    }

    private StartSessionRequest Request(AgentDefinition agent, decimal maxCostUsd)
    {
        var context = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["project_id"] = "eval",
            ["user_id"] = "eval",
            ["budget_limit"] = maxCostUsd,
            ["task_priority"] = "normal",
        };
        foreach (var (key, value) in wanted.Context)
        {
            context[key] = value;
        }
        var lowered = Math.Min(maxCostUsd, Math.Min(wanted.Limits.MaxCostUsd ?? decimal.MaxValue, agent.Limits.MaxCostMicros.Usd));
        return new StartSessionRequest
        {
            Agent = wanted.Agent,
            Goal = wanted.Goal,
            Context = JsonSerializer.SerializeToElement(context),
            TaskType = "eval",
            Limits = wanted.Limits with { MaxCostUsd = lowered },
        };
    }

    /// <summary>As the case says, by as many people as have to.</summary>
    private async Task DecideAsync(ApprovalRequest approval, CancellationToken cancellationToken)
    {
        var reject = wanted.Approvals.Reject.Contains("*") || wanted.Approvals.Reject.Contains(approval.Tool);
        var people = approval.Stages.Where(stage => stage.From <= time.GetUtcNow()).SelectMany(stage => stage.Approvers).Where(name => name != "*").Distinct()
            .Concat(Enumerable.Range(1, approval.Required).Select(number => $"eval-approver-{number}"));
        foreach (var person in people)
        {
            var result = await services.GetRequiredService<ApprovalService>().DecideAsync(approval.Id, new DecideRequest
            {
                Decision = reject ? DecisionKind.Reject : DecisionKind.Approve,
                Approver = person,
                Reason = reject ? wanted.Approvals.Reason : null,
                ArgumentsHash = approval.ArgumentsHash,
                Via = "eval",
            }, cancellationToken);
            if (result is DecideResult.Done { Outcome: not (DecideOutcome.Counted or DecideOutcome.SameApprover) })
            {
                return;
            }
        }
    }

    private async Task RollBackAsync(string id, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<RollbackService>().RollbackAsync(id, "eval", cancellationToken) is not RollbackOutcome.Started)
        {
            return;
        }
        while (await _sessions.GetAsync(id, cancellationToken) is { Status: var status } view && (!status.IsTerminal() || view.Compensations.Any(entry => entry.Status is Compensation.CompensationStatus.Registered)))
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<JsonElement?>> ReadAsync(AgentDefinition agent, string sessionId, IReadOnlyList<ExpectedState> asks, CancellationToken cancellationToken)
    {
        var found = new List<JsonElement?>();
        foreach (var ask in asks)
        {
            var tool = agent.FindTool(ask.Tool) is { } contract ? tools.Find(contract.Implementation) : null;
            var result = tool is null ? null : await tool.ExecuteAsync(new ToolInvocation(sessionId, ask.Tool, ask.Arguments, $"{sessionId}/eval"), cancellationToken);
            found.Add(result is ToolResult.Success success ? success.Value : null);
        }
        return found;
    }

    private static TrialCall CallOf(int turn, InspectedCall call)
    {
        var result = call.Attempts.LastOrDefault(attempt => attempt.Succeeded)?.Result;
        return new TrialCall(turn, call.StepId, call.Tool, call.Edited ?? call.Arguments, call.Attempts.Any(attempt => attempt.Made), result);
    }
}
