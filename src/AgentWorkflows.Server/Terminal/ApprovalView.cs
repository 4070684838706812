using System.Text.Json;
using AgentWorkflows.AspNetCore.Approvals;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Shows what a person is asked to approve: everything the decision is bound to, and nothing cut off.</summary>
internal static class ApprovalView
{
    private const int Indent = 2;
    private const int LabelWidth = 12;

    public static void Write(Screen screen, ApprovalResponse approval, DateTimeOffset now)
    {
        screen.Line();
        screen.Line($"Approval needed: {approval.Tool}", Styles.Warning);
        Field(screen, "tier", approval.Tier.Replace('_', ' '));
        Field(screen, "why", approval.Reason);
        Field(screen, "undo", approval.Undo ?? "cannot be taken back");
        Field(screen, "expires", $"{Layout.Time(approval.ExpiresAt)} (in {Layout.Duration(approval.ExpiresAt - now)}); then {approval.Deadline}");
        Field(screen, "cost so far", Layout.Usd(approval.CostUsd));
        WritePeople(screen, approval);
        WriteChanges(screen, approval.Preview);
        WriteArguments(screen, approval.Arguments);
        screen.Line();
    }

    public static void WriteList(Screen screen, IReadOnlyList<ApprovalResponse> approvals, DateTimeOffset now)
    {
        foreach (var approval in approvals)
        {
            screen.Line(approval.Id, Styles.Strong);
            Field(screen, "status", StatusOf(approval));
            Field(screen, "asks", $"{approval.Agent} for {approval.UserId}: {Layout.Cut(approval.Goal, 160)}");
            Field(screen, "tool", $"{approval.Tool} ({approval.Tier.Replace('_', ' ')})");
            Field(screen, "why", approval.Reason);
            if (approval.Status == "Pending")
            {
                Field(screen, "expires", $"{Layout.Time(approval.ExpiresAt)} (in {Layout.Duration(approval.ExpiresAt - now)}); then {approval.Deadline}");
                WritePeople(screen, approval);
            }
            foreach (var notice in approval.Notices.Where(notice => notice.Error is not null))
            {
                Field(screen, "not told", $"{(notice.Recipient.Length > 0 ? $"{notice.Recipient} by " : "")}{notice.Channel}, after {Layout.Count(notice.Attempts, "attempt")}: {notice.Error}");
            }
            WriteChanges(screen, approval.Preview);
            WriteArguments(screen, approval.Arguments);
            screen.Line();
        }
    }

    private static string StatusOf(ApprovalResponse approval) => approval.Decision switch
    {
        null => approval.Status,
        { BySystem: true } ended => $"Nobody decided by {Layout.Time(ended.DecidedAt)}; {approval.Deadline}",
        { } decision => $"{approval.Status} by {decision.Approver} on {Layout.Time(decision.DecidedAt)}{(decision.Reason is { } reason ? $": {reason}" : "")}",
    };

    private static void WritePeople(Screen screen, ApprovalResponse approval)
    {
        if (approval.Required > 1)
        {
            var votes = approval.Votes.Count > 0 ? $" ({string.Join(", ", approval.Votes.Select(vote => vote.Approver))})" : "";
            Field(screen, "approvals", FormattableString.Invariant($"{approval.Votes.Count} of {approval.Required}{votes}"));
        }
        if (approval.Approvers.Count > 0)
        {
            Field(screen, "approvers", string.Join(", ", approval.Approvers.Select(approver => approver.Name).Distinct()));
        }
    }

    private static void WriteChanges(Screen screen, IReadOnlyList<ChangeResponse> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }
        screen.Field("changes", "", Styles.Dim, LabelWidth, Indent);
        foreach (var change in changes)
        {
            var line = $"{(change.Before.Length > 0 ? change.Before : "nothing")} → {(change.After.Length > 0 ? change.After : "gone")}";
            screen.Field(Layout.Cut(change.What, 30), line, Styles.Strong, 32, Indent * 2);
        }
    }

    private static void WriteArguments(Screen screen, JsonElement arguments)
    {
        screen.Field("arguments", arguments.EnumerateObject().Any() ? "" : "none", Styles.Dim, LabelWidth, Indent);
        var width = arguments.EnumerateObject().Select(member => member.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var member in arguments.EnumerateObject())
        {
            screen.Field(Layout.Cut(member.Name, 30), Value(member.Value), Styles.Strong, Math.Min(width, 30) + 2, Indent * 2);
        }
    }

    private static void Field(Screen screen, string label, string text) => screen.Field(label, text, null, LabelWidth, Indent);

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
