using AgentWorkflows.Agents;
using AgentWorkflows.Tools.Sources;

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

    /// <summary>The sources of tools that the agents name, after those of the program.</summary>
    internal SourcesOfFolder Sources(IReadOnlyList<ToolSourceSettings> added)
    {
        var found = new SourcesOfFolder(added, []);
        foreach (var folder in Paths)
        {
            var read = AgentFolder.ReadSources(folder, found.Settings);
            found = new SourcesOfFolder(read.Settings, [.. found.Clashes, .. read.Clashes]);
        }
        return found;
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

/// <summary>The agents' files are wrong; the message has every problem, one a line.</summary>
internal sealed class AgentsInvalidException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, ["The agents are not valid:", .. problems.Select(problem => "  " + problem)]))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
