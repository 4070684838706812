using System.CommandLine;
using System.Text.Json;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

internal sealed class ApproveCommand(Screen screen, CommonOptions common)
{
    private readonly Argument<string> _id = new("id") { Description = "The approval's id, as the command 'approvals' lists it." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Approve." };
    private readonly Option<bool> _no = new("--no") { Description = "Reject." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; the agent is told." };
    private readonly Option<string?> _edit = new("--edit") { Description = "Approve with these arguments instead: all of them, as one JSON object.", HelpName = "JSON" };
    private readonly Option<string?> _hash = new("--hash") { Description = "The arguments' hash you saw; refused when they have changed. Default: the ones waiting now." };
    private readonly Option<string> _user = new("--user") { Description = "Who decides.", DefaultValueFactory = _ => Environment.UserName };

    public Command Create()
    {
        var command = new Command("approve", "Approve or reject what an agent wants to do.")
        {
            _id, _yes, _no, _edit, _reason, _hash, _user, common.Url, common.Json,
        };
        command.Validators.Add(result =>
        {
            var edit = result.GetValue(_edit);
            if (new[] { result.GetValue(_yes), result.GetValue(_no), edit is not null }.Count(given => given) != 1)
            {
                result.AddError("Give one of --yes, --no and --edit JSON.");
            }
            if (edit is not null && ReadArguments(edit) is null)
            {
                result.AddError("--edit must be a JSON object with all arguments, such as '{\"order_id\": 1042}'.");
            }
        });
        return command;
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result);
        var id = result.GetValue(_id)!;
        if (await data.GetApprovalAsync(id, cancellationToken) is not { } approval)
        {
            screen.Error($"There is no approval '{id}' here. List them: {screen.Program} approvals");
            return ExitCodes.Failed;
        }
        var arguments = result.GetValue(_edit) is { } edit ? ReadArguments(edit) : null;
        var kind = arguments is not null ? DecisionKind.Edit : result.GetValue(_yes) ? DecisionKind.Approve : DecisionKind.Reject;
        var decision = new Decide(
            kind, result.GetValue(_user)!, result.GetValue(_reason), arguments, result.GetValue(_hash) ?? approval.ArgumentsHash);
        var (done, message) = await data.DecideAsync(id, decision, cancellationToken);
        if (result.GetValue(common.Json))
        {
            screen.Json(new { id, decided = done, message });
        }
        else if (done)
        {
            screen.Line(message);
        }
        else
        {
            screen.Error(message);
        }
        return done ? ExitCodes.Completed : ExitCodes.Failed;
    }

    private static JsonElement? ReadArguments(string json)
    {
        try
        {
            var arguments = JsonElement.Parse(json);
            return arguments.ValueKind == JsonValueKind.Object ? arguments : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
