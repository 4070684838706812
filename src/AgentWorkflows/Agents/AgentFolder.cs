using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>
/// Reads <c>NAME/agent.yaml</c>, the optional <c>NAME/playbook.yaml</c> beside it and <c>prices.yaml</c> from a folder of agents. Folders without an
/// <c>agent.yaml</c> are not agents.
/// </summary>
internal static class AgentFolder
{
    /// <summary>Collects the problems of all files before it answers.</summary>
    /// <param name="tools">The implementations that contracts may name; argument schemas come from them.</param>
    /// <param name="time">Which day it is, for the price sheet in force; default: the system's.</param>
    /// <param name="endpointProblem">Why a route cannot name a deployment, such as <c>west/gpt-4.1</c> where the host has no endpoint <c>west</c>; default: never.</param>
    public static AgentLoadResult Load(string agentsDirectory, IToolCatalog tools, TimeProvider? time = null, Func<string, string?>? endpointProblem = null)
    {
        ArgumentNullException.ThrowIfNull(agentsDirectory);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(agentsDirectory));
        if (!root.Exists)
        {
            return new AgentLoadResult.Invalid([new AgentProblem(root.Name, 1, "", "There is no such folder. Create it with one folder per agent.")]);
        }
        var problems = new List<AgentProblem>();
        var sheets = PriceSheetReader.Read(YamlFile.Read(Path.Combine(root.FullName, "prices.yaml"), $"{root.Name}/prices.yaml", problems), now);
        var prices = sheets.InForce(now)?.Models ?? new Dictionary<string, ModelPrice>();
        var agents = new List<AgentDefinition>();
        foreach (var folder in root.EnumerateDirectories().OrderBy(folder => folder.Name, StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder.FullName, "agent.yaml")))
            {
                continue;
            }
            var file = YamlFile.Read(Path.Combine(folder.FullName, "agent.yaml"), $"{root.Name}/{folder.Name}/agent.yaml", problems);
            var agent = new AgentReader(file, folder.Name, tools, prices, endpointProblem).Read();
            var playbookPath = Path.Combine(folder.FullName, "playbook.yaml");
            if (agent is not null && File.Exists(playbookPath))
            {
                var playbook = YamlFile.Read(playbookPath, $"{root.Name}/{folder.Name}/playbook.yaml", problems);
                agent = agent with { Playbook = new PlaybookReader(playbook, agent).Read() };
            }
            if (agent is not null)
            {
                agents.Add(agent);
            }
        }
        return problems.Count == 0 ? new AgentLoadResult.Loaded(agents) { Prices = sheets } : new AgentLoadResult.Invalid(InOrder(problems));
    }

    private static List<AgentProblem> InOrder(IEnumerable<AgentProblem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)];
}
