using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Whether a contract's compensation exists and its arguments can always be built, also when the action's result was lost.</summary>
internal static class CompensationRules
{
    public static void Check(ToolContract action, YamlSection section, IReadOnlyList<ToolContract> contracts, IReadOnlySet<string> declared)
    {
        if (action.Compensation is not { Tool.Length: > 0 } compensation)
        {
            return;
        }
        // In the file where it stands there, else at the tool: then it comes from the code.
        var at = section.Section("compensation") ?? section;
        if (!declared.Contains(compensation.Tool))
        {
            at.Report("tool", $"The agent has no tool '{compensation.Tool}'. Its tools: {string.Join(", ", declared.Order(StringComparer.Ordinal))}.");
            return;
        }
        // Declared but not read: its implementation is unknown, which has been reported.
        if (contracts.FirstOrDefault(contract => contract.Name == compensation.Tool) is not { } undo)
        {
            return;
        }
        if (undo.Tier == ToolTier.Read)
        {
            at.Report("tool", $"'{undo.Name}' has tier 'read': it cannot undo anything.");
        }
        if (!LabelRule.MaySee(undo.MaySee, action.Labels | action.MaySee))
        {
            at.Report("tool", $"'{undo.Name}' takes back what may have been done with confidential data, and may not see it. Give it 'may_see: [confidential]'.");
        }
        CheckArguments(action, compensation, undo, at);
    }

    private static void CheckArguments(ToolContract action, CompensationContract compensation, ToolContract undo, YamlSection at)
    {
        var known = ToolSchema.Properties(undo.Parameters);
        var required = ToolSchema.Required(undo.Parameters);
        foreach (var name in compensation.Arguments.Keys.Where(name => !known.Contains(name)))
        {
            at.Report("arguments", $"'{undo.Name}' has no argument '{name}'. Its arguments: {string.Join(", ", known)}.");
        }
        foreach (var name in required.Where(name => !compensation.Arguments.ContainsKey(name)))
        {
            at.Report("arguments", $"'{undo.Name}' requires the argument '{name}'.");
        }
        foreach (var (name, value) in compensation.Arguments)
        {
            if (CompensationReference.Of(value) is { } reference && Problem(reference, value, required.Contains(name), action) is { } problem)
            {
                at.Report("arguments", $"'{name}': {problem}");
            }
        }
    }

    private static string? Problem(CompensationReference reference, JsonElement text, bool required, ToolContract action)
    {
        switch (reference)
        {
            case CompensationReference.Result when required:
                return $"{text} is not known when a crash cut the action off, and the argument is required. Use {CompensationReference.IdempotencyKeyText} or {CompensationReference.ArgumentsPrefix}NAME.";
            case CompensationReference.Unknown:
                return $"'{text}' is not a reference. Allowed: {CompensationReference.Allowed}.";
            case CompensationReference.Argument argument:
                var known = ToolSchema.Properties(action.Parameters);
                if (!known.Contains(argument.Path))
                {
                    return $"'{action.Name}' has no argument '{argument.Path}'. Its arguments: {string.Join(", ", known)}.";
                }
                return required && !ToolSchema.Required(action.Parameters).Contains(argument.Path)
                    ? $"{text} may be absent, because '{action.Name}' does not require it, and the argument is required."
                    : null;
            default:
                return null;
        }
    }
}
