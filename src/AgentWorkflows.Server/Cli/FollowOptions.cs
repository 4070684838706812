using System.CommandLine;

namespace AgentWorkflows.Server.Cli;

/// <summary>How the commands that follow a session in the terminal answer its approvals.</summary>
internal sealed class FollowOptions
{
    public Option<string> Approve { get; } = new Option<string>("--approve")
    {
        Description = "ask: ask here, or wait durably (exit code 3) when nobody sits here. auto: approve all. deny: reject all.",
        DefaultValueFactory = _ => "ask",
        HelpName = "ask|auto|deny",
    }.AcceptOnlyFromAmong("ask", "auto", "deny");

    public Option<string> Approver { get; } = new("--user") { Description = "Who approves.", DefaultValueFactory = _ => Environment.UserName, HelpName = "NAME" };

    public Option<bool> Detach { get; } = new("--detach") { Description = "Do not follow it here: whoever runs the engine next goes on with it." };

    public ApproveMode Mode(ParseResult result) => Enum.Parse<ApproveMode>(result.GetValue(Approve)!, ignoreCase: true);
}
