using System.CommandLine;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>fork</c>: a new session from the recorded turns of another one.</summary>
internal sealed class ForkCommand(Screen screen, TimeProvider time, CommonOptions common, FollowOptions follow, EmbeddedProgram program)
{
    private readonly Argument<string> _id = new("id") { Description = "The session to start from." };
    private readonly Option<int> _turn = Options.WholeNumber("--turn", "The last turn to take over; 0 starts at the goal again.", 0, int.MaxValue);
    private readonly Option<string?> _newId = new("--id") { Description = "Id of the new session. Default: a new one.", HelpName = "ID" };

    public Command Create() => new("fork", "Start a new session from the recorded turns of another one, and follow it here. Nothing is run again.")
    {
        _id, _turn, _newId, follow.Approve, follow.Approver, follow.Detach, common.Agents, common.Url, common.Json,
    };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (id, request) = (result.GetValue(_id)!, new ForkRequest(result.GetValue(_turn), result.GetValue(_newId)));
        if (result.GetValue(common.Url) is { } url)
        {
            return await RemoteAsync(result, url, id, request, cancellationToken);
        }
        await using var running = await program.StartAsync(
            common.ReadExisting(result) with { LogLevel = LogLevel.Warning, JsonLogs = result.GetValue(common.Json) }, cancellationToken);
        var outcome = await running.Services.GetRequiredService<ForkService>().ForkAsync(id, request, cancellationToken);
        if (outcome is not ForkOutcome.Started started)
        {
            screen.Error(Describe(result, id, outcome));
            return ExitCodes.Failed;
        }
        if (result.GetValue(follow.Detach))
        {
            return Tell(result, id, started.SessionId, "run --resume");
        }
        var options = new RunOptions(
            null, started.SessionId, follow.Mode(result), result.GetValue(follow.Approver)!, result.GetValue(common.Json), common.DataHint(result));
        return await new SessionRun(screen, time, running, options).RunAsync(cancellationToken);
    }

    private async Task<int> RemoteAsync(ParseResult result, Uri url, string id, ForkRequest request, CancellationToken cancellationToken)
    {
        await using var remote = new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable));
        var body = new Dictionary<string, object> { ["turn"] = request.Turn };
        if (request.SessionId is { } newId)
        {
            body["sessionId"] = newId;
        }
        var answer = await remote.CommandAsync(id, "fork", body, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            screen.Error(refusal);
            return ExitCodes.Failed;
        }
        return Tell(result, id, answer.Body!.Value.GetProperty("id").GetString()!, "show");
    }

    private int Tell(ParseResult result, string source, string id, string next)
    {
        var turn = result.GetValue(_turn);
        if (result.GetValue(common.Json))
        {
            screen.Json(new { id, forkedFrom = new { sessionId = source, turn } });
        }
        else
        {
            screen.Line($"Session {id} goes on from turn {turn} of {source}: {screen.Program} {next} {id}{common.WhereHint(result)}");
        }
        return ExitCodes.Completed;
    }

    private string Describe(ParseResult result, string id, ForkOutcome outcome) => outcome switch
    {
        ForkOutcome.NotFound => $"There is no session '{id}' here. List them: {screen.Program} sessions{common.DataHint(result)}",
        ForkOutcome.AlreadyExists exists => $"There is a session '{exists.SessionId}' already; nothing was started.",
        ForkOutcome.Refused refused => refused.Message,
        _ => throw new InvalidOperationException($"Unknown fork outcome {outcome.GetType().Name}."),
    };
}
