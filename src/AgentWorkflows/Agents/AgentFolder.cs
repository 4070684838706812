using AgentWorkflows.Agents.Sources;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents;

/// <summary>
/// Reads <c>NAME/agent.yaml</c>, the optional <c>NAME/playbook.yaml</c> beside it and <c>prices.yaml</c> from a folder of agents. Folders without an
/// <c>agent.yaml</c>, or anything spelt nearly so, are not agents.
/// </summary>
internal static class AgentFolder
{
    /// <summary>Collects the problems of all files before it answers.</summary>
    /// <param name="tools">The implementations that contracts may name; argument schemas come from them.</param>
    /// <param name="time">Which day it is, for the price sheet in force; default: the system's.</param>
    /// <param name="endpointProblem">Why a route cannot name a deployment, such as <c>west/gpt-4.1</c> where the host has no endpoint <c>west</c>; default: never.</param>
    public static AgentLoadResult Load(string agentsDirectory, IToolCatalog tools, TimeProvider? time = null, Func<string, string?>? endpointProblem = null)
    {
        var read = Read(agentsDirectory, tools, time, endpointProblem);
        var problems = InOrder([.. read.Problems, .. read.Agents.SelectMany(agent => agent.Problems)]);
        return problems.Count > 0 ? new AgentLoadResult.Invalid(problems) : new AgentLoadResult.Loaded([.. read.Agents.Select(agent => agent.Definition).OfType<AgentDefinition>()])
        {
            Prices = read.Prices,
            Held = [.. read.Agents.Select(agent => agent.Held).OfType<HeldAgent>()],
        };
    }

    /// <summary>Each agent by itself.</summary>
    public static FolderReading Read(string agentsDirectory, IToolCatalog tools, TimeProvider? time = null, Func<string, string?>? endpointProblem = null)
    {
        ArgumentNullException.ThrowIfNull(agentsDirectory);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(agentsDirectory));
        if (!root.Exists)
        {
            return new FolderReading([], new PriceSheets([]), [new AgentProblem(root.Name, 1, "", "There is no such folder. Create it with one folder per agent.")]);
        }
        var problems = new List<AgentProblem>();
        var folders = FolderFiles.OfAgents(root, root.Name, problems);
        if (problems.Count > 0 && folders.Count == 0 && !Path.Exists(Path.Combine(root.FullName, FolderFiles.Prices)))
        {
            return new FolderReading([], new PriceSheets([]), problems);
        }
        var sheets = PriceSheetReader.Read(YamlFile.Read(Path.Combine(root.FullName, FolderFiles.Prices), $"{root.Name}/{FolderFiles.Prices}", problems), now);
        var prices = sheets.InForce(now)?.Models ?? new Dictionary<string, ModelPrice>();
        return new FolderReading([.. folders.Select(folder => ReadAgent(folder, root.Name, tools, prices, endpointProblem) with { Folder = folder.FullName })], sheets, problems);
    }

    /// <summary>The sources of tools that the folder's agents name, with what keeps two of them from living on one host. Other problems are for <see cref="Read"/> to find.</summary>
    public static SourcesOfFolder ReadSources(string agentsDirectory, IReadOnlyList<ToolSourceSettings> known)
    {
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(agentsDirectory));
        var (settings, clashes) = (known.ToList(), new List<AgentProblem>());
        foreach (var folder in root.Exists ? FolderFiles.OfAgents(root, root.Name, []) : [])
        {
            var file = YamlFile.Read(Path.Combine(folder.FullName, FolderFiles.Agent), $"{root.Name}/{folder.Name}/{FolderFiles.Agent}", []);
            if (YamlSection.Root(file) is not { } section)
            {
                continue;
            }
            foreach (var declared in SourceReader.Read(section))
            {
                if (settings.FirstOrDefault(other => ToolSourceNames.Overlap(other.Name, declared.Settings.Name) is not null) is not { } other)
                {
                    settings.Add(declared.Settings);
                }
                else if (other.Name != declared.Settings.Name)
                {
                    clashes.Add(declared.At.Problem(ToolSourceNames.Overlap(other.Name, declared.Settings.Name)!));
                }
                else if (!other.SaysTheSameAs(declared.Settings))
                {
                    clashes.Add(declared.At.Problem($"Another agent, or the program, says something else of the source '{other.Name}'. Say the same, or rename one: tools of two sources never mix."));
                }
            }
        }
        return new SourcesOfFolder(settings, clashes);
    }

    private static AgentReading ReadAgent(
        DirectoryInfo folder, string root, IToolCatalog tools, IReadOnlyDictionary<string, ModelPrice> prices, Func<string, string?>? endpointProblem)
    {
        var problems = new List<AgentProblem>();
        var file = YamlFile.Read(Path.Combine(folder.FullName, FolderFiles.Agent), $"{root}/{folder.Name}/{FolderFiles.Agent}", problems);
        var reader = new AgentReader(file, folder.Name, tools, prices, endpointProblem);
        var agent = reader.Read();
        if (reader.Missing.Count > 0)
        {
            // What is said about tools, and by their names, can be judged only when they are known.
            return new AgentReading(folder.Name, null, [.. problems.Where(problem => !NamesTools(problem.Key))], UsesSources: true) { Held = WaitingFor(folder.Name, reader.Missing) };
        }
        var playbookPath = Path.Combine(folder.FullName, FolderFiles.Playbook);
        if (agent is not null && (Path.Exists(playbookPath) || FileKind.BrokenLink(playbookPath) is not null))
        {
            var playbook = YamlFile.Read(playbookPath, $"{root}/{folder.Name}/{FolderFiles.Playbook}", problems);
            agent = agent with { Playbook = new PlaybookReader(playbook, agent).Read() };
        }
        if (agent is null || !reader.UsesSources)
        {
            return new AgentReading(folder.Name, agent, problems, reader.UsesSources);
        }
        var reviewed = ToolLock.Read(folder.FullName, problem => problems.Add(new AgentProblem($"{root}/{folder.Name}/{ToolLock.FileName}", 1, "", problem)));
        var (pinned, held) = Pinning.Apply(agent, reviewed, tools);
        return new AgentReading(folder.Name, held is null ? pinned : null, problems, UsesSources: true) { Held = held, Unreviewed = agent };
    }

    private static HeldAgent WaitingFor(string agent, IReadOnlyList<ToolSourceState> sources) => new(
        agent, "source_unreachable", string.Join(' ', sources.Select(source => $"Its tools come from the {source.Kind} source '{source.Name}' ({source.Address}), which "
            + (source.Problem is { } problem ? $"cannot be used: {problem}" : "was not asked yet."))) + " It is tried again by itself.", [.. sources.Select(source => source.Name)]);

    private static bool NamesTools(string key) => key.Split('.', '[')[0] is "tools" or "permissions" or "approvals";

    private static List<AgentProblem> InOrder(IEnumerable<AgentProblem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)];
}

/// <param name="Problems">Of no agent's own files.</param>
internal sealed record FolderReading(IReadOnlyList<AgentReading> Agents, PriceSheets Prices, IReadOnlyList<AgentProblem> Problems);

/// <param name="Definition">As far as it could be read; <c>null</c> too when it is held.</param>
/// <param name="UsesSources">What it is depends on tools of sources.</param>
internal sealed record AgentReading(string Name, AgentDefinition? Definition, IReadOnlyList<AgentProblem> Problems, bool UsesSources)
{
    public HeldAgent? Held { get; init; }

    /// <summary>The definition whether its tools are what was reviewed or not.</summary>
    public AgentDefinition? Unreviewed { get; init; }

    /// <summary>The folder's path.</summary>
    public string Folder { get; init; } = "";
}

/// <param name="Clashes">They keep a host from starting.</param>
internal sealed record SourcesOfFolder(IReadOnlyList<ToolSourceSettings> Settings, IReadOnlyList<AgentProblem> Clashes);
