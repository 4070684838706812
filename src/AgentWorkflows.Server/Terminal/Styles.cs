using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Colours carry no meaning of their own: every one stands beside a word that says the same.</summary>
internal static class Styles
{
    public static readonly Style Dim = new(Color.Grey);
    public static readonly Style Strong = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Warning = new(Color.Yellow);
    public static readonly Style Bad = new(Color.Red);

    public static Style OfSession(string status) => status switch
    {
        "Completed" => Good,
        "Pending" or "Running" => Style.Plain,
        "AwaitingApproval" or "Suspended" or "Compensating" or "CompletedPartially" or "RolledBack" or "Rejected" => Warning,
        _ => Bad,
    };

    public static Style OfEntry(string status) => status.ToLowerInvariant() switch
    {
        "failed" or "refused" or "refuse" or "permanent" or "timeout" or "halted" or "terminated" or "rollbackincomplete" => Bad,
        "rejected" or "expired" or "waiting" or "requested" or "pending" or "criteria_failed" or "skipped" or "ask" or "transient"
            or "rate_limited" or "retry" or "approval_expired" or "unknown" => Warning,
        _ => Style.Plain,
    };
}
