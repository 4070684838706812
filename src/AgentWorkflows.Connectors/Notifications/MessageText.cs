using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Screening;
using AgentWorkflows.Words;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>What all channels say about a request, in the same words. Bounded and without deceptive characters. Pure.</summary>
internal static class MessageText
{
    private const int MaxArguments = 20;
    private const int MaxValueLength = 400;

    public static string Title(ApprovalMessage message)
    {
        var what = message.Request.IsQuestion ? $"{message.Request.Agent} asks whether to go on" : $"{message.Request.Agent} wants to run {message.Request.Tool}";
        return message.Notice.Kind switch
        {
            NoticeKind.Reminder => $"Reminder: {what}",
            NoticeKind.Escalation => $"Escalated to you: {what}",
            _ => $"Approval needed: {what}",
        };
    }

    public static IReadOnlyList<(string Name, string Value)> Facts(ApprovalRequest request)
    {
        var facts = new List<(string, string)>
        {
            ("For", VisibleText.Line(request.UserId, MaxValueLength)),
            ("Goal", VisibleText.Line(request.Goal, MaxValueLength)),
            ("Why you are asked", VisibleText.Line(request.Reason, MaxValueLength)),
            ("Tier", SnakeCase.Of(request.Tier).Replace('_', ' ')),
        };
        if (request.Undo is { } undo)
        {
            facts.Add(("Undo", VisibleText.Line(undo, MaxValueLength)));
        }
        if (request.Required > 1)
        {
            facts.Add(("Approvals", string.Create(CultureInfo.InvariantCulture, $"{request.Votes.Count} of {request.Required}")));
        }
        facts.Add(("Cost so far", string.Create(CultureInfo.InvariantCulture, $"${request.CostMicros.Usd:0.00####}")));
        facts.Add(("Expires", request.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) + $"; then {Deadline.Means(request)}"));
        return facts;
    }

    public static IReadOnlyList<(string Name, string Value)> Arguments(ApprovalRequest request) =>
        request.Arguments.ValueKind != JsonValueKind.Object
            ? []
            : [.. request.Arguments.EnumerateObject().Take(MaxArguments).Select(argument => (
                VisibleText.Line(argument.Name, 100),
                VisibleText.Line(argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString()! : argument.Value.GetRawText(), MaxValueLength)))];

    public static IReadOnlyList<(string Name, string Value)> Changes(ApprovalRequest request) =>
    [
        .. request.Preview.Select(change => (
            VisibleText.Line(change.What, 200),
            VisibleText.Line($"{(change.Before.Length > 0 ? change.Before : "nothing")} → {(change.After.Length > 0 ? change.After : "gone")}", MaxValueLength))),
    ];

    /// <summary>How to decide, for those without a link of their own.</summary>
    public static string HowTo(ApprovalMessage message) => message switch
    {
        { Link: not null } => "Nothing happens until somebody decides. Opening the link decides nothing.",
        { Inbox: { } inbox } => $"Decide in the inbox at {inbox}, or with the command 'approve {message.Request.Id} --yes'.",
        _ => $"Decide with the command 'approve {message.Request.Id} --yes'.",
    };
}
