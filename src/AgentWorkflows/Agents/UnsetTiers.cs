using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Finds offered tools whose tier nobody chose: they are destructive, which is safe, but hardly ever meant.</summary>
internal static class UnsetTiers
{
    /// <param name="agentFile">An <c>agent.yaml</c> that loads.</param>
    public static IReadOnlyList<string> Find(string agentFile, IToolCatalog tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var root = YamlSection.Root(YamlFile.Read(agentFile, agentFile, []));
        return root is null ? [] :
        [
            .. root.Sections("tools")
                .Where(tool => !tool.Section.Has("tier") && tool.Section.Text("offered") != "false"
                    && tools.Find(tool.Section.Text("implementation") ?? tool.Name)?.Contract is null)
                .Select(tool => tool.Name),
        ];
    }
}
