using System.Text.Json;
using AgentWorkflows.Agents;

namespace AgentWorkflows.Tools;

/// <summary>What the gate says of one call.</summary>
public abstract record GateDecision
{
    public sealed record Run : GateDecision;

    /// <summary>A person decides first.</summary>
    public sealed record Ask(string Reason) : GateDecision;

    /// <summary>Nothing runs; the model is told why and what to do instead.</summary>
    public sealed record Refuse(string Code, string Message, string Suggestion) : GateDecision;
}

/// <summary>Everything a decision depends on. <paramref name="CallsByTool"/> counts the session's earlier calls, those of this plan included.</summary>
public sealed record GateQuestion(AgentDefinition Agent, string Tool, JsonElement Arguments, IReadOnlyDictionary<string, int> CallsByTool);

/// <summary>The one place that decides whether a call a model wants may run. Pure.</summary>
public static class ToolGate
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
        var made = question.CallsByTool.GetValueOrDefault(contract.Name);
        if (made >= contract.MaxCallsPerSession)
        {
            return new GateDecision.Refuse(
                "max_calls_per_session",
                $"'{contract.Name}' has been called {made} times; its limit is {contract.MaxCallsPerSession} a session.",
                "Answer with what is known already, or use another tool.");
        }
        return question.Agent.Approvals.Tiers.Contains(contract.Tier)
            ? new GateDecision.Ask($"'{contract.Name}' is {Name(contract.Tier)}: {Effects(contract)}")
            : new GateDecision.Run();
    }

    private static GateDecision.Refuse UnknownTool(GateQuestion question)
    {
        var known = string.Join(", ", question.Agent.Tools.Where(tool => tool.Offered).Select(tool => tool.Name).Order(StringComparer.Ordinal));
        return new GateDecision.Refuse("unknown_tool", $"There is no tool '{Bounded(question.Tool)}'.", $"Use one of: {known}.");
    }

    private static string Effects(ToolContract contract) =>
        contract.SideEffects.Count > 0 ? string.Join(", ", contract.SideEffects) : contract.Description;

    private static string Name(ToolTier tier) => JsonNamingPolicy.SnakeCaseLower.ConvertName(tier.ToString());

    private static string Bounded(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
