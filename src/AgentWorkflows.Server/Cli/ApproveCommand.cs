using System.CommandLine;
using AgentWorkflows.Approvals;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

internal sealed class ApproveCommand(Screen screen, TimeProvider time, CommonOptions common)
{
    private readonly Argument<string> _id = new("id") { Description = "The approval's id, as 'agentworkflows approvals' lists it." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Approve." };
    private readonly Option<bool> _no = new("--no") { Description = "Reject." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; the agent is told." };
    private readonly Option<string?> _hash = new("--hash") { Description = "The arguments' hash you saw; refused when they have changed. Default: the ones waiting now." };
    private readonly Option<string> _user = new("--user") { Description = "Who decides.", DefaultValueFactory = _ => Environment.UserName };

    public Command Create()
    {
        var command = new Command("approve", "Approve or reject what an agent wants to do.") { _id, _yes, _no, _reason, _hash, _user, common.Url, common.Json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_yes) == result.GetValue(_no))
            {
                result.AddError("Give either --yes or --no.");
            }
        });
        return command;
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result, time);
        var id = result.GetValue(_id)!;
        if (await data.GetApprovalAsync(id, cancellationToken) is not { } approval)
        {
            screen.Error($"There is no approval '{id}' here. List them: agentworkflows approvals");
            return ExitCodes.Failed;
        }
        var decision = new Decide(
            result.GetValue(_yes) ? DecisionKind.Approve : DecisionKind.Reject, result.GetValue(_user)!, result.GetValue(_reason), null,
            result.GetValue(_hash) ?? approval.ArgumentsHash);
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
}
