using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Readiness;

/// <summary>What production asks of an agent beyond a valid definition. Pure.</summary>
internal static class AgentReadiness
{
    private static readonly ToolTier[] Risky = [ToolTier.WriteRisky, ToolTier.Destructive];

    /// <param name="resolve">Which deployment answers for a route's.</param>
    /// <param name="unsetTiers">See <see cref="UnsetTiers"/>.</param>
    public static IReadOnlyList<ReadinessFinding> Check(
        AgentDefinition agent, CostCapOptions caps, Func<string, string> resolve, IReadOnlyList<string> unsetTiers)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(caps);
        ArgumentNullException.ThrowIfNull(resolve);
        return [Caps(agent, caps), Prices(agent, resolve), Tiers(agent, unsetTiers), Approvals(agent), Compensations(agent), Idempotency(agent), Permissions(agent)];
    }

    private static ReadinessFinding Caps(AgentDefinition agent, CostCapOptions caps)
    {
        var session = agent.Limits.MaxCostMicros;
        return session > caps.UserPerDayMicros
            ? Warning(agent, "caps_set", $"One session may cost {Usd(session)} USD, more than its user may spend in a day ({Usd(caps.UserPerDayMicros)} USD).",
                "Lower limits.max_cost_usd, or raise the user's daily cap.")
            : Ok(agent, "caps_set", $"A session may cost {Usd(session)} USD; caps above it: {Usd(caps.UserPerDayMicros)} a user and day, "
                + $"{Usd(caps.AgentPerDayMicros)} an agent and day, {Usd(caps.GlobalPerHourMicros)} an hour in all.");
    }

    private static ReadinessFinding Prices(AgentDefinition agent, Func<string, string> resolve)
    {
        var deployments = agent.Models.Values.Select(route => resolve(route.Deployment)).Distinct(StringComparer.Ordinal).ToList();
        var unpriced = deployments.Where(deployment => Pricing.Find(agent.Prices, deployment) is null).ToList();
        if (unpriced.Count > 0)
        {
            return Failed(agent, "prices_known", $"No price for {string.Join(", ", unpriced)}: every session would end before its first model call.",
                "Add the deployment to prices.yaml.");
        }
        return Ok(agent, "prices_known", $"Every model has a price: {string.Join(", ", deployments.Select(deployment => $"{deployment} (sheet {Pricing.Find(agent.Prices, deployment)!.SheetVersion})"))}.");
    }

    private static ReadinessFinding Tiers(AgentDefinition agent, IReadOnlyList<string> unset) => unset.Count > 0
        ? Failed(agent, "tiers_set", $"Nobody chose a tier for {string.Join(", ", unset)}, so {(unset.Count == 1 ? "it counts" : "they count")} as destructive.",
            "Give each tool a tier: read, write_safe, write_risky or destructive.")
        : Ok(agent, "tiers_set", string.Join(", ", agent.Tools
            .Where(tool => tool.Offered).GroupBy(tool => tool.Tier).OrderBy(tier => tier.Key)
            .Select(tier => $"{tier.Count()} {SnakeCase.Of(tier.Key)}")) + " tools.");

    private static ReadinessFinding Approvals(AgentDefinition agent)
    {
        var unasked = agent.Tools.Where(tool => tool.Offered && Risky.Contains(tool.Tier) && !agent.Approvals.Tiers.Contains(tool.Tier)).ToList();
        return unasked.Count == 0
            ? Ok(agent, "approvals_asked", "Every tool that moves money, reaches people or cannot be taken back asks a person first.")
            : Failed(agent, "approvals_asked", $"Nobody is asked before {Names(unasked)} {(unasked.Count == 1 ? "runs" : "run")}.",
                $"Add {string.Join(" and ", unasked.Select(tool => SnakeCase.Of(tool.Tier)).Distinct(StringComparer.Ordinal))} to approvals.tiers.");
    }

    private static ReadinessFinding Compensations(AgentDefinition agent)
    {
        var writing = agent.Tools.Where(tool => tool.Offered && tool.Tier != ToolTier.Read).ToList();
        var final = writing.Where(tool => tool.Compensation is null).ToList();
        return final.Count == 0
            ? Ok(agent, "compensations_present", $"{Count(writing.Count, "writing tool")}, each with a compensation.")
            : Warning(agent, "compensations_present", $"Nothing takes back {Names(final)}.", "Keep their approvals, and tell the people who approve.");
    }

    private static ReadinessFinding Idempotency(AgentDefinition agent)
    {
        var once = agent.Tools.Where(tool => tool.Tier != ToolTier.Read && !tool.Idempotent).ToList();
        return once.Count == 0
            ? Ok(agent, "idempotency", "Every tool that writes honours its idempotency key.")
            : Warning(agent, "idempotency", $"{Names(once)} may not be called twice: after a crash during the call its outcome is unknown, and a person has to look.",
                "Let the tool honour its idempotency key, then say 'idempotent: true'.");
    }

    private static ReadinessFinding Permissions(AgentDefinition agent) =>
        agent.Permissions.Any(rule => rule.Effect == Tools.Permissions.PermissionEffect.Allow && IsAny(rule.Roles) && IsAny(rule.Tools))
            ? Warning(agent, "permissions_narrow", "A rule lets every role that no rule before it names use every tool.", "Name roles in permissions, and deny the rest.")
            : Ok(agent, "permissions_narrow", $"{Count(agent.Permissions.Count, "permission rule")}; what none covers is denied.");

    private static bool IsAny(IReadOnlyList<string> patterns) => patterns.Contains("*");

    private static ReadinessFinding Ok(AgentDefinition agent, string code, string message) => new(code, agent.Name, ReadinessStatus.Ok, message);

    private static ReadinessFinding Warning(AgentDefinition agent, string code, string message, string toDo) => new(code, agent.Name, ReadinessStatus.Warning, message, toDo);

    private static ReadinessFinding Failed(AgentDefinition agent, string code, string message, string toDo) => new(code, agent.Name, ReadinessStatus.Failed, message, toDo);

    private static string Names(IEnumerable<ToolContract> tools) => string.Join(", ", tools.Select(tool => tool.Name));

    private static string Count(int number, string one) => FormattableString.Invariant($"{number} {one}{(number == 1 ? "" : "s")}");

    private static string Usd(Micros micros) => FormattableString.Invariant($"{micros.Usd:0.00####}");
}
