using System.CommandLine;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>suspend</c>, <c>resume</c>, <c>terminate</c>: here with an engine of its own, or through a running server.</summary>
internal sealed class LifecycleCommands(Screen screen, TimeProvider time, CommonOptions common, FollowOptions follow, EmbeddedProgram program)
{
    private readonly Argument<string> _id = new("id") { Description = "The session's id." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; kept in the session's history.", HelpName = "TEXT" };
    private readonly Option<bool> _rollBack = new("--rollback") { Description = "Take back what it did, too." };

    public Command CreateSuspend() => new("suspend", "Hold a session: what runs finishes, nothing new begins until it is resumed.")
    {
        _id, _reason, common.Agents, common.Url, common.Json,
    };

    public Command CreateResume() => new("resume", "Let a held session go on, and follow it here.")
    {
        _id, _reason, follow.Approve, follow.Approver, follow.Detach, common.Agents, common.Url, common.Json,
    };

    public Command CreateTerminate() => new("terminate", "End a session. What it did stays, unless --rollback takes it back.")
    {
        _id, _reason, _rollBack, common.Agents, common.Url, common.Json,
    };

    public Task<int> SuspendAsync(ParseResult result, CancellationToken cancellationToken) =>
        RunAsync(result, "suspend", $"is held. Go on with it: {Again(result, "resume")}", async host =>
            Refusal(result, await Sessions(host).SuspendAsync(Id(result), result.GetValue(_reason), cancellationToken)), cancellationToken);

    public async Task<int> ResumeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetValue(common.Url) is not null)
        {
            return await RunAsync(result, "resume", $"goes on. Look: {Again(result, "show")}", _ => Task.FromResult<string?>(null), cancellationToken);
        }
        await using var host = await OpenAsync(result, LogLevel.Warning, cancellationToken);
        if (Refusal(result, await Sessions(host).ResumeAsync(Id(result), result.GetValue(_reason), cancellationToken)) is { } refusal)
        {
            screen.Error(refusal);
            return ExitCodes.Failed;
        }
        if (result.GetValue(follow.Detach))
        {
            return Tell(result, "resume", $"goes on when an engine runs here: {Again(result, "run --resume")}", null);
        }
        var options = new RunOptions(
            null, Id(result), follow.Mode(result), result.GetValue(follow.Approver)!, result.GetValue(common.Json), common.DataHint(result));
        return await new SessionRun(screen, time, host, options).RunAsync(cancellationToken);
    }

    public Task<int> TerminateAsync(ParseResult result, CancellationToken cancellationToken) =>
        RunAsync(result, "terminate", result.GetValue(_rollBack) ? $"is ended; see what was taken back: {Again(result, "show")}" : "is ended.", async host =>
        {
            var (outcome, rollback) = await host.Services.GetRequiredService<SessionTermination>()
                .TerminateAsync(Id(result), result.GetValue(_reason), result.GetValue(_rollBack), cancellationToken);
            if (rollback is RollbackOutcome.Started started)
            {
                await host.Services.GetRequiredService<RollbackService>().WaitForEndAsync(started, Id(result), cancellationToken);
            }
            return Refusal(result, outcome);
        }, cancellationToken);

    private async Task<int> RunAsync(
        ParseResult result, string command, string done, Func<RunningProgram, Task<string?>> local, CancellationToken cancellationToken)
    {
        if (result.GetValue(common.Url) is { } url)
        {
            await using var remote = new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable));
            return Tell(result, command, done, (await remote.CommandAsync(Id(result), command, Body(result, command), cancellationToken)).Refusal);
        }
        await using var host = await OpenAsync(result, LogLevel.None, cancellationToken);
        return Tell(result, command, done, await local(host));
    }

    private int Tell(ParseResult result, string command, string done, string? refusal)
    {
        if (refusal is not null)
        {
            screen.Error(refusal);
            return ExitCodes.Failed;
        }
        if (result.GetValue(common.Json))
        {
            screen.Json(new { id = Id(result), command, accepted = true });
        }
        else
        {
            screen.Line($"Session {Id(result)} {done}");
        }
        return ExitCodes.Completed;
    }

    private Dictionary<string, object> Body(ParseResult result, string command)
    {
        var body = new Dictionary<string, object>();
        if (result.GetValue(_reason) is { } reason)
        {
            body["reason"] = reason;
        }
        if (command == "terminate" && result.GetValue(_rollBack))
        {
            body["rollback"] = true;
        }
        return body;
    }

    private string? Refusal(ParseResult result, LifecycleOutcome outcome) => outcome switch
    {
        LifecycleOutcome.Accepted => null,
        LifecycleOutcome.NotFound => $"There is no session '{Id(result)}' here. List them: {screen.Program} sessions{common.DataHint(result)}",
        LifecycleOutcome.AlreadyFinished => $"Session '{Id(result)}' has ended already.",
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    private Task<RunningProgram> OpenAsync(ParseResult result, LogLevel level, CancellationToken cancellationToken) =>
        program.StartAsync(common.ReadExisting(result) with { LogLevel = level, JsonLogs = result.GetValue(common.Json) }, cancellationToken);

    private static SessionService Sessions(RunningProgram host) => host.Services.GetRequiredService<SessionService>();

    private string Id(ParseResult result) => result.GetValue(_id)!;

    private string Again(ParseResult result, string command) => $"{screen.Program} {command} {Id(result)}{common.WhereHint(result)}";
}
