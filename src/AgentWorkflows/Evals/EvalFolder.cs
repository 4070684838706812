using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Yaml;

namespace AgentWorkflows.Evals;

/// <summary>The cases of an agent: all files under <c>NAME/evals</c>, in the order of their names.</summary>
internal static class EvalFolder
{
    public const string Name = "evals";

    /// <summary>What was read, and every problem of every file.</summary>
    /// <param name="agentsDirectory">The folder that has the agent's.</param>
    public static (IReadOnlyList<EvalCase> Cases, IReadOnlyList<AgentProblem> Problems) Read(string agentsDirectory, AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(agentsDirectory));
        var folder = new DirectoryInfo(Path.Combine(root.FullName, agent.Name, Name));
        var (cases, problems) = (new List<EvalCase>(), new List<AgentProblem>());
        foreach (var file in folder.Exists ? [.. folder.EnumerateFiles("*.yaml").OrderBy(file => file.Name, StringComparer.Ordinal)] : Array.Empty<FileInfo>())
        {
            var name = $"{root.Name}/{agent.Name}/{Name}/{file.Name}";
            foreach (var read in new EvalReader(YamlFile.Read(file.FullName, name, problems), agent.Name, agent).Read())
            {
                if (cases.FirstOrDefault(before => before.Name == read.Name && before.File != read.File) is { } before)
                {
                    problems.Add(new AgentProblem(name, 1, read.Name, $"There is a case of that name in {before.File} already."));
                }
                cases.Add(read);
            }
        }
        return (cases, [.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)]);
    }
}
