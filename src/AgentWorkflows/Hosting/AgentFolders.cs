using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Hosting;

/// <summary>Which folders agents are read from. Not to be changed once the catalog is made.</summary>
internal sealed class AgentFolders
{
    private IReadOnlyList<string> _folders;

    internal AgentFolders(IEnumerable<string> folders) => _folders = [.. folders];

    /// <summary>As absolute paths.</summary>
    public IReadOnlyList<string> Paths => [.. _folders.Select(Locate)];

    /// <summary>This one instead of all that were added.</summary>
    public void Replace(string folder) => _folders = [folder];

    /// <exception cref="AgentsInvalidException">Has every problem of every folder.</exception>
    internal IAgentCatalog Load(IToolCatalog tools, TimeProvider time, IChatModelCatalog? models)
    {
        var (catalogs, problems) = (new List<AgentCatalog>(), new List<string>());
        foreach (var folder in Paths)
        {
            switch (AgentFolder.Load(folder, tools, time, models is null ? null : models.ProblemOf))
            {
                case AgentLoadResult.Loaded loaded:
                    problems.AddRange(loaded.Agents.Where(agent => catalogs.Any(catalog => catalog.Find(agent.Name) is not null))
                        .Select(agent => $"{folder}: there is an agent '{agent.Name}' in another folder already."));
                    catalogs.Add(new AgentCatalog(loaded.Agents, loaded.Prices, time));
                    break;
                case AgentLoadResult.Invalid invalid:
                    problems.AddRange(invalid.Problems.Select(problem => problem.ToString()));
                    break;
                case var other:
                    throw new InvalidOperationException($"Unknown load result {other.GetType().Name}.");
            }
        }
        return problems.Count > 0 ? throw new AgentsInvalidException(problems) : new AgentsOfFolders(catalogs);
    }

    private static string Locate(string folder)
    {
        var here = Path.GetFullPath(folder);
        var shipped = Path.Combine(AppContext.BaseDirectory, folder);
        return Directory.Exists(here) || !Directory.Exists(shipped) ? here : shipped;
    }
}

/// <summary>A folder as <see cref="AgentBuilder.AddAgents"/> was given it.</summary>
internal sealed record AddedAgents(string Folder);

/// <summary>Each folder's agents have the prices of that folder.</summary>
internal sealed class AgentsOfFolders(IReadOnlyList<AgentCatalog> folders) : IAgentCatalog
{
    public IReadOnlyCollection<AgentDefinition> Agents => [.. folders.SelectMany(folder => folder.Agents)];

    public AgentDefinition? Find(string name) => folders.Select(folder => folder.Find(name)).FirstOrDefault(agent => agent is not null);
}

/// <summary>The agents' files are wrong; the message has every problem, one a line.</summary>
internal sealed class AgentsInvalidException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, ["The agents are not valid:", .. problems.Select(problem => "  " + problem)]))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
