using System.CommandLine;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>rollback</c>: takes back what an ended session did, here with an engine of its own, or through a running server.</summary>
internal sealed class RollbackCommand(Screen screen, TimeProvider time, CommonOptions common, EmbeddedProgram program)
{
    private readonly Argument<string> _id = new("id") { Description = "The session's id." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; kept with the session." };

    public Command Create() => new("rollback", "Take back what a session did.") { _id, _reason, common.Agents, common.Url, common.Json };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var id = result.GetValue(_id)!;
        if (result.GetValue(common.Url) is { } url)
        {
            await using var remote = new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable));
            return Tell(await remote.RollbackAsync(id, result.GetValue(_reason), cancellationToken));
        }
        await using var running = await program.StartAsync(common.ReadExisting(result) with { LogLevel = LogLevel.None }, cancellationToken);
        var rollbacks = running.Services.GetRequiredService<RollbackService>();
        var outcome = await rollbacks.RollbackAsync(id, result.GetValue(_reason), cancellationToken);
        if (outcome is not RollbackOutcome.Started started)
        {
            screen.Error(Describe(id, outcome));
            return ExitCodes.Failed;
        }
        return await FollowAsync(rollbacks, running.Services.GetRequiredService<SessionService>(), started, id, result, cancellationToken);
    }

    private async Task<int> FollowAsync(
        RollbackService rollbacks, SessionService sessions, RollbackOutcome.Started started, string id, ParseResult result, CancellationToken cancellationToken)
    {
        var end = rollbacks.WaitForEndAsync(started, id, cancellationToken);
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken));
            if (!end.IsCompleted && await sessions.GetAsync(id, cancellationToken) is { PendingApprovals: [var question, ..] })
            {
                screen.Line(question.Reason);
                screen.Line($"Decide: {screen.Program} approve {question.Id} --yes|--no{common.DataHint(result)}, then again: {screen.Program} rollback {id}{common.DataHint(result)}");
                return ExitCodes.WaitingForApproval;
            }
        }
        var view = await end ?? throw new InvalidOperationException($"Session '{id}' is gone.");
        if (result.GetValue(common.Json))
        {
            screen.Json(new { id, status = view.Status.ToString(), compensations = view.Compensations.Select(entry => new { entry.Tool, status = entry.Status.ToString(), entry.Message }) });
        }
        else
        {
            foreach (var entry in view.Compensations.Reverse())
            {
                screen.Line($"{entry.Tool,-20} {entry.Status} {entry.Message}".TrimEnd());
            }
            screen.Line($"Outcome   {view.Status}");
        }
        return view.Status == SessionStatus.RolledBack ? ExitCodes.Completed : ExitCodes.Failed;
    }

    private int Tell((bool Started, string Message) answer)
    {
        if (answer.Started)
        {
            screen.Line(answer.Message);
            return ExitCodes.Completed;
        }
        screen.Error(answer.Message);
        return ExitCodes.Failed;
    }

    private string Describe(string id, RollbackOutcome outcome) => outcome switch
    {
        RollbackOutcome.NotFound => $"There is no session '{id}' here. List them: {screen.Program} sessions",
        RollbackOutcome.StillRunning running => $"Session '{id}' is {running.Status}. Wait until it has ended, or terminate it first.",
        RollbackOutcome.NothingToDo => $"Session '{id}' has nothing that can still be taken back.",
        RollbackOutcome.TooLate late => FormattableString.Invariant($"Session '{id}' ended at {late.EndedAt:u}; it could be rolled back for {late.Retention.TotalHours:0.##} hours."),
        _ => throw new InvalidOperationException($"Unknown rollback outcome {outcome.GetType().Name}."),
    };
}
