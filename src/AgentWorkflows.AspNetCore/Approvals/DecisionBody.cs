using System.Text.Json;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Approvals;

/// <summary>The body of <c>POST /api/approvals/{id}/decision</c>.</summary>
internal static class DecisionBody
{
    private const int MaxApproverLength = 200;
    private const int MaxReasonLength = 2000;
    private const int HashLength = 64;

    private static readonly Dictionary<string, DecisionKind> Kinds = new(StringComparer.Ordinal)
    {
        ["approve"] = DecisionKind.Approve,
        ["reject"] = DecisionKind.Reject,
        ["edit"] = DecisionKind.Edit,
    };

    public static IReadOnlyCollection<string> Words => Kinds.Keys;

    /// <returns><c>null</c> when there are <paramref name="problems"/>.</returns>
    public static DecideRequest? Read(JsonElement body, List<RequestProblem> problems)
    {
        if (BodyReader.Root(body, problems) is not { } reader)
        {
            return null;
        }
        var decision = reader.RequiredChoice("decision", Kinds);
        var reason = reader.OptionalText("reason", MaxReasonLength);
        var arguments = reader.OptionalObject("arguments");
        var hash = reader.RequiredText("argumentsHash", HashLength);
        var approver = reader.RequiredText("approver", MaxApproverLength);
        reader.Finish();
        if (decision == DecisionKind.Edit && arguments is null)
        {
            reader.Add("missing_field", "arguments", "An edit needs the complete new arguments.");
        }
        if (decision is DecisionKind.Approve or DecisionKind.Reject && arguments is not null)
        {
            reader.Add("unexpected_field", "arguments", "Only an edit takes arguments.");
        }
        return problems.Count > 0 ? null : new DecideRequest
        {
            Decision = decision!.Value,
            Reason = reason,
            Arguments = arguments,
            ArgumentsHash = hash!,
            Approver = approver!,
        };
    }
}
