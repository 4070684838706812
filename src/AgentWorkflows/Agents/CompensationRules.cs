using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Whether a contract's compensation exists and its arguments can always be built, also when the action's result was lost.</summary>
internal static class CompensationRules
{
    public const string ArgumentsPrefix = "$arguments.";
    public const string ResultPrefix = "$result.";

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
            if (value.ValueKind == JsonValueKind.String && value.GetString() is ['$', ..] reference
                && Problem(reference, required.Contains(name), action) is { } problem)
            {
                at.Report("arguments", $"'{name}': {problem}");
            }
        }
    }

    private static string? Problem(string reference, bool required, ToolContract action)
    {
        if (reference is "$idempotencyKey" or "$outcome")
        {
            return null;
        }
        if (reference.StartsWith(ResultPrefix, StringComparison.Ordinal))
        {
            return required
                ? $"{reference} is not known when a crash cut the action off, and the argument is required. Use $idempotencyKey or {ArgumentsPrefix}NAME."
                : null;
        }
        if (!reference.StartsWith(ArgumentsPrefix, StringComparison.Ordinal))
        {
            return $"'{reference}' is not a reference. Allowed: {ArgumentsPrefix}NAME, {ResultPrefix}NAME, $idempotencyKey, $outcome.";
        }
        var argument = reference[ArgumentsPrefix.Length..];
        var known = ToolSchema.Properties(action.Parameters);
        if (!known.Contains(argument))
        {
            return $"'{action.Name}' has no argument '{argument}'. Its arguments: {string.Join(", ", known)}.";
        }
        return required && !ToolSchema.Required(action.Parameters).Contains(argument)
            ? $"{reference} may be absent, because '{action.Name}' does not require it, and the argument is required."
            : null;
    }
}
