using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <summary>What the gate says of one call.</summary>
internal abstract record GateDecision
{
    public sealed record Run : GateDecision;

    /// <summary>A person decides first.</summary>
    public sealed record Ask(string Reason) : GateDecision;

    /// <summary>Nothing runs; the model is told why and what to do instead.</summary>
    public sealed record Refuse(string Code, string Message, string Suggestion) : GateDecision;
}

/// <summary>Everything a decision depends on.</summary>
/// <param name="Role">The session's role, for the agent's permissions.</param>
/// <param name="CallsByTool">The session's earlier calls, those of this plan included.</param>
/// <param name="RemainingMicros">What the session may still spend, in micro-USD.</param>
internal sealed record GateQuestion(
    AgentDefinition Agent, string Role, string Tool, JsonElement Arguments, IReadOnlyDictionary<string, int> CallsByTool, Micros RemainingMicros)
{
    /// <summary>What the session has spent, in micro-USD.</summary>
    public Micros SpentMicros { get; init; }

    /// <summary>The labelled data the plan was made from.</summary>
    public SeenLabels Seen { get; init; } = SeenLabels.None;
}

/// <summary>The one place that decides whether a call a model wants may run. Pure.</summary>
internal static class ToolGate
{
    public static GateDecision Decide(GateQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var contract = question.Agent.FindTool(question.Tool);
        if (contract is not { Offered: true })
        {
            return UnknownTool(question);
        }
        if (ArgumentCheck.FindProblems(contract.Parameters, question.Arguments) is [_, ..] problems)
        {
            return new GateDecision.Refuse(
                "invalid_arguments",
                $"The arguments of '{contract.Name}' are not valid: {string.Join(' ', problems.Select(p => p.Message))}",
                $"Call '{contract.Name}' again with: {ArgumentCheck.Describe(contract.Parameters)}");
        }
        var permission = PermissionMatrix.Decide(question.Agent.Permissions, question.Role, contract.Name, ToolResource.Of(contract, question.Arguments));
        if (permission.Effect == PermissionEffect.Deny)
        {
            return Denied(question, contract, permission);
        }
        if (!LabelRule.MaySee(contract.MaySee, question.Seen.Labels))
        {
            return new GateDecision.Refuse(
                "confidential_data",
                $"'{contract.Name}' may not see confidential data, and the plan was made from some ({string.Join(", ", question.Seen.Confidential)}).",
                "Do not try to pass it on in another way. Answer without this tool, and say what was not done, and why.");
        }
        var made = question.CallsByTool.GetValueOrDefault(contract.Name);
        if (made >= contract.MaxCallsPerSession)
        {
            return new GateDecision.Refuse(
                "max_calls_per_session",
                $"'{contract.Name}' has been called {made} times; its limit is {contract.MaxCallsPerSession} a session.",
                "Answer with what is known already, or use another tool.");
        }
        if (contract.CostMicrosPerCall > question.RemainingMicros)
        {
            return new GateDecision.Refuse(
                "over_budget",
                $"A call of '{contract.Name}' costs {Usd(contract.CostMicrosPerCall)} USD; the session may spend {Usd(question.RemainingMicros)} USD more.",
                "Answer with what is known already, or use a cheaper tool.");
        }
        var raised = LabelRule.WhyRaised(contract, question.Seen.Labels, question.Seen.Untrusted);
        return NeedsApproval(question.Agent, contract, question.Arguments, question.SpentMicros, permission, question.Seen.Labels)
            ? new GateDecision.Ask($"'{contract.Name}' is {SnakeCase.Of(contract.Tier)}: {Effects(contract)}{(raised is null ? "" : ". " + raised)}")
            : new GateDecision.Run();
    }

    /// <summary>
    /// Whether a call with arguments that a person put in place of the planned ones may run: agreeing to a call does not permit another one.
    /// </summary>
    /// <returns><c>null</c> when it may.</returns>
    public static GateDecision.Refuse? CheckEdited(AgentDefinition agent, string role, string tool, JsonElement arguments) =>
        Decide(new GateQuestion(agent, role, tool, arguments, new Dictionary<string, int>(), long.MaxValue)) as GateDecision.Refuse;

    /// <summary>True when a call of this tool on this resource may run only with a person's approval.</summary>
    public static bool NeedsApproval(AgentDefinition agent, string role, ToolContract contract, JsonElement arguments, DataLabels seen)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(contract);
        // Without what the session had spent: a rule about that only ever adds to what others ask for.
        return NeedsApproval(agent, contract, arguments, 0, PermissionMatrix.Decide(agent.Permissions, role, contract.Name, ToolResource.Of(contract, arguments)), seen);
    }

    /// <summary>
    /// True when no rule of the policy spares the call: it counts as a tier that asks because of untrusted text, and a rule that goes by the call's arguments would go by what
    /// that text may have chosen.
    /// </summary>
    public static bool MustAsk(AgentDefinition agent, ToolContract contract, DataLabels seen) =>
        LabelRule.TierOf(contract.Tier, seen) is var tier && tier != contract.Tier && agent.Approvals.Tiers.Contains(tier);

    private static bool NeedsApproval(
        AgentDefinition agent, ToolContract contract, JsonElement arguments, Micros spentMicros, Permission permission, DataLabels seen) =>
        ApprovalRules.TermsOf(
            agent.Approvals, LabelRule.For(contract, seen), arguments, spentMicros, permission.Effect != PermissionEffect.Allow || MustAsk(agent, contract, seen)) is not null;

    private static GateDecision.Refuse Denied(GateQuestion question, ToolContract contract, Permission permission)
    {
        var what = ToolResource.Of(contract, question.Arguments) is { } resource ? $"'{contract.Name}' on {Bounded(resource)}" : $"'{contract.Name}'";
        var why = permission.Rule is { } rule ? $"rule {rule} of the agent's permissions denies it" : "no rule of the agent's permissions allows it";
        return new GateDecision.Refuse(
            "not_permitted", $"The role '{question.Role}' may not call {what}: {why}.",
            "Do not try to reach the same effect in another way. Say what was not done, and why.");
    }

    private static GateDecision.Refuse UnknownTool(GateQuestion question)
    {
        var known = string.Join(", ", question.Agent.ToolsFor(question.Role).Select(tool => tool.Name).Order(StringComparer.Ordinal));
        return new GateDecision.Refuse("unknown_tool", $"There is no tool '{Bounded(question.Tool)}'.", $"Use one of: {known}.");
    }

    private static string Effects(ToolContract contract) =>
        contract.SideEffects.Count > 0 ? string.Join(", ", contract.SideEffects) : contract.Description;

    private static string Usd(Micros micros) => FormattableString.Invariant($"{micros.Usd:0.######}");

    private static string Bounded(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
