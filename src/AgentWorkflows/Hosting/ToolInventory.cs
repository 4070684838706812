using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Sources;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Hosting;

/// <summary>What agents can do, where it comes from, and whether it is what people reviewed. Thread-safe.</summary>
internal sealed class ToolInventory(AgentFolders folders, IToolCatalog tools, ToolSources sources, IAgentCatalog agents, TimeProvider time, IChatModelCatalog? models = null)
{
    public IReadOnlyList<ToolSourceState> Sources => sources.States;

    public IReadOnlyCollection<HeldAgent> Held => agents.Held;

    /// <summary>Asks the sources that are due.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => sources.ConnectAsync(cancellationToken);

    /// <summary>Of the agents that can be started.</summary>
    public IReadOnlyList<ToolLine> Tools() =>
    [
        .. from agent in agents.Agents
           from tool in agent.Tools
           orderby agent.Name, tool.Name
           select new ToolLine(agent.Name, tool, tools.OwnerOf(tool.Implementation), PinOf(tool)),
    ];

    /// <summary>What would stand in the lock file of each agent that has tools to be reviewed.</summary>
    /// <param name="only">One agent; <c>null</c>: all.</param>
    public IReadOnlyList<PinnedAgent> Pin(string? only) =>
    [
        .. folders.Paths
            .SelectMany(folder => AgentFolder.Read(folder, tools, time, models is null ? null : models.ProblemOf).Agents)
            .Where(agent => agent.UsesSources && (only is null || agent.Name == only)).Select(Pin),
    ];

    private PinnedAgent Pin(AgentReading agent)
    {
        var file = Path.Combine(agent.Folder, ToolLock.FileName);
        if (agent.Unreviewed is not { } definition)
        {
            return new PinnedAgent(agent.Name, file, null, [], agent.Held?.Reason ?? string.Join(' ', agent.Problems.Select(problem => problem.ToString())));
        }
        var before = ToolLock.Read(agent.Folder, _ => { }).Tools;
        var pinned = definition.Tools.Select(contract => (contract.Implementation, Definition: Pinning.DefinitionOf(contract, tools)))
            .Where(tool => tool.Definition is not null).DistinctBy(tool => tool.Implementation).ToDictionary(tool => tool.Implementation, tool => tool.Definition!);
        List<string> changes =
        [
            .. pinned.Where(tool => !before.ContainsKey(tool.Key)).Select(tool => $"{tool.Key} is new: {tool.Value.Description}"),
            .. pinned.Where(tool => before.TryGetValue(tool.Key, out var old) && !old.Is(tool.Value)).Select(tool => $"{tool.Key} changed:\n{before[tool.Key].Diff(tool.Value)}"),
            .. before.Keys.Where(name => !pinned.ContainsKey(name)).Select(name => $"{name} is gone."),
        ];
        return new PinnedAgent(agent.Name, file, new ToolLock(pinned.ToDictionary(tool => tool.Key, tool => PinnedTool.Of(tool.Value))).Text(), changes, null);
    }

    private string PinOf(ToolContract tool) => tool.Pin is not { } pin ? "none"
        : tools.Find(tool.Implementation) is IOutsideTool outside && !pin.Is(outside.Definition) ? "changed" : "pinned";
}

/// <param name="Source"><c>null</c>: the program's own.</param>
/// <param name="Pin"><c>none</c> where nobody else can change what it is, <c>pinned</c>, <c>changed</c>.</param>
internal sealed record ToolLine(string Agent, ToolContract Contract, ToolSourceState? Source, string Pin);

/// <param name="Text">Of the file; <c>null</c> when it cannot be told what the tools are.</param>
/// <param name="Changes">What a review has to look at.</param>
internal sealed record PinnedAgent(string Agent, string File, string? Text, IReadOnlyList<string> Changes, string? Problem);
