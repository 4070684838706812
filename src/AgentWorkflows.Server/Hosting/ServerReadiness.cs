using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Http.Security;
using AgentWorkflows.Planning;
using AgentWorkflows.Readiness;
using AgentWorkflows.Server.Storage;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Checks this host: its agents, its model, who may call it, who is there to approve, its files.</summary>
internal sealed class ServerReadiness(
    ServerOptions options, ProductDatabase database, IAgentCatalog catalog, IToolCatalog tools, IChatModelCatalog models, CostCapOptions caps, ISessionStore sessions,
    IEnumerable<IApprovalChannel> channels, TimeProvider time)
    : IReadinessCheck
{
    private const long LeastFreeBytes = 200L << 20;
    private const long LowFreeBytes = 2L << 30;
    private static readonly TimeSpan StuckAfter = TimeSpan.FromHours(1);
    private static readonly SessionStatus[] Moving = [SessionStatus.Pending, SessionStatus.Running, SessionStatus.Compensating];

    public async Task<IReadOnlyList<ReadinessFinding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<ReadinessFinding> { Agents() };
        findings.AddRange(Definitions.OrderBy(agent => agent.Name, StringComparer.Ordinal).SelectMany(agent => AgentReadiness.Check(agent, caps, models.Resolve, Unset(agent))));
        findings.Add(Model());
        findings.Add(Keys());
        findings.Add(Approvers());
        findings.Add(Disk());
        findings.Add(Store());
        findings.Add(await StuckAsync(cancellationToken));
        return findings;
    }

    private IReadOnlyCollection<AgentDefinition> Definitions => catalog.Agents;

    private IReadOnlyList<string> Unset(AgentDefinition agent) =>
        UnsetTiers.Find(Path.Combine(Composition.AgentsDirectory(options), agent.Name, "agent.yaml"), tools);

    private ReadinessFinding Agents() => Definitions.Count > 0
        ? Ok("agents_valid", $"{Count(Definitions.Count, "agent")}, no problems: {string.Join(", ", Definitions.Select(agent => $"{agent.Name} {agent.Version}"))}.")
        : Failed("agents_valid", "There are no agents.", "Add one folder per agent, with an agent.yaml.");

    private ReadinessFinding Model()
    {
        if (models.Resolve("default") == PlaybookModel.Deployment)
        {
            return Failed("model_configured", $"The default model is the {PlaybookModel.Description}.", "Set OPENAI_API_KEY and OPENAI_MODEL, or the AZURE_OPENAI_ variables.");
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
        if (options.ApiKeys.Count == 0)
        {
            return Failed("keys_set", "No API keys: whoever reaches this machine's port may do everything, and other machines cannot reach it.",
                "Configure ApiKeys in agentworkflows.json or the environment.");
        }
        const ApiRoles all = ApiRoles.Start | ApiRoles.Approve | ApiRoles.Operate | ApiRoles.Read;
        var mighty = options.ApiKeys.Where(key => key.Roles == all).Select(key => key.Name).ToList();
        return mighty.Count > 0
            ? Warning("keys_set", $"{string.Join(", ", mighty)} may start, approve and operate: who starts a session could approve it.", "Give each key the roles it needs.")
            : Ok("keys_set", $"{Count(options.ApiKeys.Count, "API key")}, none with every role.");
    }

    private ReadinessFinding Approvers()
    {
        var asks = Definitions.Any(agent => agent.Tools.Any(tool => tool.Offered && agent.Approvals.Tiers.Contains(tool.Tier)));
        if (!asks)
        {
            return Ok("approvals_reachable", "No agent asks anybody.");
        }
        var people = options.ApiKeys.Where(key => key.Roles.HasFlag(ApiRoles.Approve)).Select(key => key.User).Distinct(StringComparer.Ordinal).ToList();
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

    private ReadinessFinding Disk()
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var told = FormattableString.Invariant($"{free / (double)(1L << 30):0.0} GiB free for '{options.DataDirectory}'.");
        return free switch
        {
            < LeastFreeBytes => Failed("disk_space", told, "Make room: what cannot be written down is not done."),
            < LowFreeBytes => Warning("disk_space", told, "Make room before it is needed."),
            _ => Ok("disk_space", told),
        };
    }

    private ReadinessFinding Store()
    {
        var damage = database.QuickCheck();
        return damage is null
            ? Ok("store_healthy", "Sessions, approvals and ledger are readable and sound.")
            : Failed("store_healthy", $"The database is damaged: {damage}", "Stop the server, keep a copy of the data folder, and restore a backup.");
    }

    private async Task<ReadinessFinding> StuckAsync(CancellationToken cancellationToken)
    {
        var page = await sessions.ListAsync(new SessionQuery { Statuses = Moving, PageSize = 500 }, cancellationToken);
        var now = time.GetUtcNow();
        var stuck = page.Sessions.Where(session => now - session.UpdatedAt > StuckAfter).Select(session => session.Id).ToList();
        return stuck.Count == 0
            ? Ok("no_stuck_sessions", $"{Count(page.Sessions.Count, "session")} under way, none without a step for {StuckAfter.TotalHours:0} hour.")
            : Warning("no_stuck_sessions", $"{Count(stuck.Count, "session")} without a step for over {StuckAfter.TotalHours:0} hour, such as {stuck[0]}.",
                "Look: agentworkflows show ID. Is an engine running on this data?");
    }

    private static ReadinessFinding Ok(string code, string message) => new(code, ReadinessFinding.Host, ReadinessStatus.Ok, message);

    private static ReadinessFinding Warning(string code, string message, string toDo) => new(code, ReadinessFinding.Host, ReadinessStatus.Warning, message, toDo);

    private static ReadinessFinding Failed(string code, string message, string toDo) => new(code, ReadinessFinding.Host, ReadinessStatus.Failed, message, toDo);

    private static string Count(int number, string one) => FormattableString.Invariant($"{number} {one}{(number == 1 ? "" : "s")}");
}
