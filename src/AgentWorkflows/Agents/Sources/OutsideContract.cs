using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents.Sources;

/// <summary>What a tool of a source is held to where <c>agent.yaml</c> says nothing: it is destructive, nothing takes it back, and a second call is a second effect.</summary>
internal static class OutsideContract
{
    private const int MaxDescription = 4000;

    public static ToolContract Of(ToolDefinition definition, string name, ITool tool, YamlSection section)
    {
        // As the reader of the contract reads them: a 'read' has no effects to name, and what has a compensation can be taken back.
        var reads = section.Text("tier") == SnakeCase.Of(ToolTier.Read);
        var canBeTakenBack = section.Has("compensation") || section.Text("offered") == "false";
        return new ToolContract
        {
            Name = name,
            Implementation = tool.Name,
            Description = definition.Description.Length <= MaxDescription ? definition.Description : definition.Description[..MaxDescription],
            Tier = ToolTier.Destructive,
            Timeout = definition.Timeout,
            SideEffects = reads ? [] : [$"{definition.Source}: {definition.Name}"],
            Irreversible = !reads && !canBeTakenBack,
            Parameters = tool.ParametersSchema,
        };
    }
}
