using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using static AgentWorkflows.Operations.Readiness.ReadinessFinding;

namespace AgentWorkflows.AspNetCore.Operations;

/// <summary>What every host checks of itself: its agents, its model, who may call it, who is there to approve, sessions that stand still. Thread-safe.</summary>
internal sealed class HostReadiness(
    HostReadinessSettings settings, IAgentCatalog catalog, IToolCatalog tools, IChatModelCatalog models, CostCapOptions caps, ISessionStore sessions,
    IEnumerable<IApprovalChannel> channels, TimeProvider time)
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromHours(1);

    /// <param name="own">What only this kind of host can check.</param>
    public async Task<IReadOnlyList<ReadinessFinding>> RunAsync(IEnumerable<ReadinessFinding> own, CancellationToken cancellationToken)
    {
        var findings = new List<ReadinessFinding> { Agents() };
        findings.AddRange(Definitions.OrderBy(agent => agent.Name, StringComparer.Ordinal).SelectMany(agent => AgentReadiness.Check(agent, caps, models.Resolve, Unset(agent))));
        findings.AddRange([Model(), Keys(), Approvers(), .. own, await StuckAsync(cancellationToken)]);
        return findings;
    }

    private IReadOnlyCollection<AgentDefinition> Definitions => catalog.Agents;

    private IReadOnlyList<string> Unset(AgentDefinition agent) =>
        settings.AgentsDirectories.Select(folder => Path.Combine(folder, agent.Name, "agent.yaml")).FirstOrDefault(File.Exists) is { } file ? UnsetTiers.Find(file, tools) : [];

    private ReadinessFinding Agents() => Definitions.Count > 0
        ? Ok("agents_valid", $"{Count(Definitions.Count, "agent")}, no problems: {string.Join(", ", Definitions.Select(agent => $"{agent.Name} {agent.Version}"))}.")
        : Failed("agents_valid", "There are no agents.", "Add one folder per agent, with an agent.yaml.");

    private ReadinessFinding Model()
    {
        if (models.TraitsOf("default").IsScripted)
        {
            return Failed("model_configured", $"The default model is the {models.Describe("default")}.", "Set OPENAI_API_KEY and OPENAI_MODEL, or the variables of another provider.");
        }
        var told = $"The default model is {models.Describe("default")}";
        return models.DefaultFallback switch
        {
            null => Ok("model_configured", $"{told}."),
            { } fallback when Definitions.Any(agent => Pricing.Find(agent.Prices, fallback) is null) => Warning(
                "model_configured", $"{told}; its fallback {fallback} has no price and is not asked.", "Add it to prices.yaml."),
            { } fallback => Ok("model_configured", $"{told}, its fallback {fallback}."),
        };
    }

    private ReadinessFinding Keys()
    {
        if (settings.ApiKeys.Count == 0)
        {
            return Failed("keys_set", "No API keys: whoever reaches this machine's port may do everything, and other machines cannot reach it.", "Configure ApiKeys.");
        }
        const ApiRoles all = ApiRoles.Start | ApiRoles.Approve | ApiRoles.Operate | ApiRoles.Read;
        var mighty = settings.ApiKeys.Where(key => key.Roles == all).Select(key => key.Name).ToList();
        return mighty.Count > 0
            ? Warning("keys_set", $"{string.Join(", ", mighty)} may start, approve and operate: who starts a session could approve it.", "Give each key the roles it needs.")
            : Ok("keys_set", $"{Count(settings.ApiKeys.Count, "API key")}, none with every role.");
    }

    private ReadinessFinding Approvers()
    {
        var asks = Definitions.Any(agent => agent.Tools.Any(tool => tool.Offered && agent.Approvals.Tiers.Contains(tool.Tier)));
        if (!asks)
        {
            return Ok("approvals_reachable", "No agent asks anybody.");
        }
        var people = settings.ApiKeys.Where(key => key.Roles.HasFlag(ApiRoles.Approve)).Select(key => key.User).Distinct(StringComparer.Ordinal).ToList();
        var told = channels.Select(channel => channel.Name).ToList();
        return (people.Count, told.Count) switch
        {
            (0, 0) => Failed("approvals_reachable", "Agents ask for approval, and nobody can give it: no API key has the role 'approve', and no channel sends links.",
                "Add a key with the role 'approve', or configure a channel: e-mail, Teams, Slack or a webhook."),
            (_, 0) => Warning("approvals_reachable", $"{string.Join(", ", people)} may approve, but nobody is told: no channel is configured.",
                "Configure e-mail, Teams, Slack or a webhook; until then somebody has to look at the inbox."),
            _ => Ok("approvals_reachable", $"People are told by {string.Join(", ", told)}{(people.Count > 0 ? $"; {string.Join(", ", people)} may approve over the API" : "")}."),
        };
    }

    private async Task<ReadinessFinding> StuckAsync(CancellationToken cancellationToken)
    {
        var page = await sessions.ListAsync(new SessionQuery { Statuses = SessionStatuses.UnderWay, PageSize = 500 }, cancellationToken);
        var now = time.GetUtcNow();
        var stuck = page.Sessions.Where(session => now - session.UpdatedAt > StuckAfter).Select(session => session.Id).ToList();
        return stuck.Count == 0
            ? Ok("no_stuck_sessions", $"{Count(page.Sessions.Count, "session")} under way, none without a step for {StuckAfter.TotalHours:0} hour.")
            : Warning("no_stuck_sessions", $"{Count(stuck.Count, "session")} without a step for over {StuckAfter.TotalHours:0} hour, such as {stuck[0]}.",
                "Look at it with the command 'show ID'. Is an engine running on this data?");
    }

    private static string Count(int number, string one) => FormattableString.Invariant($"{number} {one}{(number == 1 ? "" : "s")}");
}

/// <param name="AgentsDirectories">Where the agents' files are.</param>
internal sealed record HostReadinessSettings(IReadOnlyList<ApiKey> ApiKeys, IReadOnlyList<string> AgentsDirectories);
