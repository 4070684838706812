using System.CommandLine;
using System.Text.RegularExpressions;
using AgentWorkflows.Agents;
using AgentWorkflows.Evals;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>record</c>: a session that has ended becomes a case.</summary>
internal sealed partial class EvalRecordCommand(Screen screen, CommonOptions common, EmbeddedProgram program)
{
    private readonly Argument<string> _id = new("id") { Description = "The session's id." };
    private readonly Option<string?> _name = new("--name") { Description = "What the case is called. Default: recorded and the session's id." };
    private readonly Option<string?> _out = new("--out") { Description = "Which file to write. Default: standard output.", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("record", "Make an eval case of a session that has ended: its tools, and the model with 'eval --recorded-model', answer from the record.") { _id, _name, _out };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_name) is { } name && !CaseName().IsMatch(name))
            {
                result.AddError($"--name: '{name}' is not a name. Allowed: 1 to 64 of a-z, 0-9 and -.");
            }
        });
        return command;
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var services = program.Stores(common.Read(result) with { LogLevel = LogLevel.Warning }, screen.Program);
        var store = services.GetRequiredService<ISessionStore>();
        var id = result.GetValue(_id)!;
        if (await store.GetAsync(id, cancellationToken) is not { } session)
        {
            screen.Error($"There is no session '{id}' here. List them: {screen.Program} sessions{common.DataHint(result)}");
            return ExitCodes.Failed;
        }
        if (!session.Progress.Status.IsTerminal())
        {
            screen.Error($"Session '{id}' has not ended: it is {SnakeCase.Of(session.ShownStatus)}. Only what has ended can be recorded.");
            return ExitCodes.Failed;
        }
        var agent = await services.GetRequiredService<AgentSnapshots>().RequireAsync(session.SnapshotHash, cancellationToken);
        var documents = await store.ListDocumentsAsync(id, int.MaxValue, cancellationToken);
        var text = RecordingWriter.Write(
            result.GetValue(_name) ?? $"recorded-{NoName().Replace(id.ToLowerInvariant(), "-")}", session, SessionRecording.Of(session, agent, documents), SessionRecording.Ran(documents),
            SessionRecording.Rejected(documents));
        if (result.GetValue(_out) is not { } file)
        {
            screen.Verbatim(text);
            return ExitCodes.Completed;
        }
        await File.WriteAllTextAsync(file, text, cancellationToken);
        screen.Line($"Written: {file}");
        return ExitCodes.Completed;
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z")]
    private static partial Regex CaseName();

    [GeneratedRegex("[^a-z0-9-]")]
    private static partial Regex NoName();
}
