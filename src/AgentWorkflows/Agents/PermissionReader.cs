using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;

namespace AgentWorkflows.Agents;

/// <summary>Reads an agent's permission matrix and reports rules that can cover nothing.</summary>
internal static class PermissionReader
{
    private const int MaxRules = 200;

    public static IReadOnlyList<PermissionRule> Read(YamlSection root, IReadOnlyList<ToolContract> tools)
    {
        if (!root.Has("permissions"))
        {
            root.Report("permissions", "This key is required: what no rule covers is denied. To let every role use every tool: - {effect: allow}.");
            return [];
        }
        var rules = new List<PermissionRule>();
        foreach (var section in root.Items("permissions"))
        {
            rules.Add(ReadRule(section, tools));
        }
        if (rules.Count > MaxRules)
        {
            root.Report("permissions", $"There are {rules.Count} rules; at most {MaxRules} are allowed. Patterns with * cover more at once.");
        }
        return rules;
    }

    private static PermissionRule ReadRule(YamlSection section, IReadOnlyList<ToolContract> tools)
    {
        section.Allow("roles", "tools", "resources", "effect");
        if (!section.Has("effect"))
        {
            section.Report("effect", "This key is required: allow, ask or deny.");
        }
        var rule = new PermissionRule
        {
            Roles = Patterns(section, "roles"),
            Tools = Patterns(section, "tools"),
            Resources = Patterns(section, "resources"),
            Effect = section.Choice<PermissionEffect>("effect", "an effect") ?? PermissionEffect.Deny,
        };
        CheckTools(section, rule, tools);
        return rule;
    }

    private static IReadOnlyList<string> Patterns(YamlSection section, string key) => section.Has(key) ? section.Texts(key) : PermissionRule.Any;

    private static void CheckTools(YamlSection section, PermissionRule rule, IReadOnlyList<ToolContract> tools)
    {
        var offered = tools.Where(tool => tool.Offered).ToList();
        foreach (var pattern in rule.Tools.Where(pattern => pattern != "*" && !offered.Any(tool => Wildcard.Matches(pattern, tool.Name))))
        {
            section.Report("tools", $"'{pattern}' matches no tool of this agent. Its tools: {string.Join(", ", offered.Select(tool => tool.Name))}.");
        }
        // Such a rule would look as if it told resources apart where no call of the tool names one.
        if (rule.NamesResources && offered.FirstOrDefault(
            tool => tool.ResourceArgument is null && rule.Tools.Any(pattern => Wildcard.Matches(pattern, tool.Name))) is { } without)
        {
            section.Report("resources", $"'{without.Name}' works on no named resource. Give its contract a 'resource', or leave the tool out of this rule.");
        }
    }
}
