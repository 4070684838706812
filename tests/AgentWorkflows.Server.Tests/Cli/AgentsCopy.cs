namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>The shipped agents in a folder of their own, with <c>order-desk/agent.yaml</c> changed.</summary>
internal sealed class AgentsCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-");

    public AgentsCopy(Func<string, string> change)
    {
        foreach (var file in Directory.EnumerateFiles(Shell.Agents, "*.yaml", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(Shell.Agents, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            var text = File.ReadAllText(file);
            File.WriteAllText(copy, copy.EndsWith("agent.yaml", StringComparison.Ordinal) ? change(text) : text);
        }
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "agents");

    public void Dispose() => _folder.Delete(recursive: true);
}
