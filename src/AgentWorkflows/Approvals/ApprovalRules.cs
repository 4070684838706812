using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using AgentWorkflows.Words;

namespace AgentWorkflows.Approvals;

/// <summary>Whether a call asks, on which terms, and who may decide. Pure.</summary>
internal static class ApprovalRules
{
    /// <param name="costMicros">What the session has spent.</param>
    /// <param name="mustAsk">The agent's permissions ask, whatever the policy says.</param>
    /// <returns><c>null</c> when the call does not ask.</returns>
    public static ApprovalTerms? TermsOf(ApprovalPolicy policy, ToolContract contract, JsonElement arguments, Micros costMicros, bool mustAsk)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(contract);
        var rule = policy.Rules.FirstOrDefault(rule => Covers(rule, contract, arguments, costMicros));
        var terms = rule?.Terms ?? (policy.Tiers.Contains(contract.Tier) ? policy.Terms : policy.Terms with { Required = 0 });
        if (terms.Required == 0)
        {
            return mustAsk ? Safe(terms with { Required = 1 }, contract) : null;
        }
        return Safe(terms, contract);
    }

    /// <summary>The people of the terms, by the time from which on they may decide. Empty: everybody, at once.</summary>
    public static IReadOnlyList<ApproverStage> StagesOf(ApprovalPolicy policy, ApprovalTerms terms, DateTimeOffset requestedAt)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Approvers.Count == 0 && terms.Escalation.Count == 0)
        {
            return [];
        }
        return
        [
            new ApproverStage(requestedAt, MembersOf(policy, terms.Approvers)),
            .. terms.Escalation.Select(step => new ApproverStage(requestedAt + step.After, MembersOf(policy, step.Approvers))),
        ];
    }

    /// <summary>Whether a person may decide about a request now.</summary>
    public static ApproverVerdict Check(ApprovalRequest request, string approver, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.SelfApproval && Approver.Same(request.UserId, approver))
        {
            return ApproverVerdict.OwnSession;
        }
        var name = Approver.Normalize(approver);
        if (request.Stages.Count == 0 || request.Stages.Any(stage => stage.From <= now && Names(stage, name)))
        {
            return ApproverVerdict.May;
        }
        return request.Stages.Any(stage => Names(stage, name)) ? ApproverVerdict.NotYet : ApproverVerdict.NotNamed;
    }

    /// <summary>True when a person is among those who are asked, now or later.</summary>
    public static bool Waits(ApprovalRequest request, string approver)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = Approver.Normalize(approver);
        return request.Stages.Count == 0 || request.Stages.Any(stage => Names(stage, name));
    }

    /// <summary>Named people who may decide now and have not approved yet. Empty where everybody may.</summary>
    public static IReadOnlyList<string> Awaited(ApprovalRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        return
        [
            .. request.Stages.Where(stage => stage.From <= now).SelectMany(stage => stage.Approvers).Distinct(StringComparer.Ordinal)
                .Where(name => Check(request, name, now) == ApproverVerdict.May && !request.Votes.Any(vote => Approver.Same(vote.Approver, name))),
        ];
    }

    /// <summary>True when a person may put other arguments in place although these would have asked on other terms: nobody approves more than was theirs to approve.</summary>
    public static bool AllowsEdit(ApprovalPolicy policy, ApprovalRequest request, ApprovalTerms? edited, string approver, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (edited is null)
        {
            return true;
        }
        var asIfAsked = request with { Stages = StagesOf(policy, edited, request.RequestedAt), SelfApproval = edited.SelfApproval };
        return edited.Required <= 1 && Check(asIfAsked, approver, now) == ApproverVerdict.May;
    }

    /// <summary>False where, as of any time, everybody may decide.</summary>
    internal static bool IsForNamedPeople(ApprovalRequest request) => request.Stages.Count > 0 && request.Stages.All(stage => stage.Approvers.Count > 0);

    private static bool Names(ApproverStage stage, string name) => stage.Approvers.Count == 0 || stage.Approvers.Contains(name, StringComparer.Ordinal);

    private static bool Covers(ApprovalRule rule, ToolContract contract, JsonElement arguments, Micros costMicros) =>
        (rule.Tiers.Count == 0 || rule.Tiers.Contains(contract.Tier))
        && (rule.Tools.Count == 0 || rule.Tools.Any(pattern => Wildcard.Matches(pattern, contract.Name)))
        && (rule.CostAboveMicros is not { } bound || costMicros > bound)
        && (rule.Argument is not { } threshold || Fits(threshold, arguments));

    private static bool Fits(ArgumentThreshold threshold, JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.Object || !arguments.TryGetProperty(threshold.Name, out var value)
            || value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
        {
            return threshold.AtMost is null;
        }
        return (threshold.Above is not { } above || number > above) && (threshold.AtMost is not { } most || number <= most);
    }

    /// <summary>What cannot be taken back never runs because nobody looked.</summary>
    private static ApprovalTerms Safe(ApprovalTerms terms, ToolContract contract) =>
        terms.OnTimeout == TimeoutMeaning.Approve && (contract.Tier == ToolTier.Destructive || contract.Irreversible)
            ? terms with { OnTimeout = TimeoutMeaning.Reject }
            : terms;

    private static IReadOnlyList<string> MembersOf(ApprovalPolicy policy, IReadOnlyList<string> groups) =>
        [.. groups.SelectMany(group => policy.Groups.GetValueOrDefault(group) ?? []).Distinct(StringComparer.Ordinal)];
}

/// <summary>Whether a person may decide about a request, and why not.</summary>
public enum ApproverVerdict
{
    May,

    /// <summary>Not among those who are asked.</summary>
    NotNamed,

    /// <summary>Asked only when the request is escalated.</summary>
    NotYet,

    /// <summary>The session is theirs, and the policy wants somebody else.</summary>
    OwnSession,
}
