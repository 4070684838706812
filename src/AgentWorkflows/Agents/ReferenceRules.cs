using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Whether the tool that a contract refers to is there, and the arguments that it gives to it can always be built, and are what that tool takes.</summary>
internal static class ReferenceRules
{
    /// <returns><c>null</c>: the agent has no such tool, which is reported; or it is declared and was not read, which has been.</returns>
    public static ToolContract? Find(string name, YamlSection at, IReadOnlyList<ToolContract> contracts, IReadOnlySet<string> declared)
    {
        if (!declared.Contains(name))
        {
            at.Report("tool", $"The agent has no tool '{name}'. Its tools: {string.Join(", ", declared.Order(StringComparer.Ordinal))}.");
            return null;
        }
        return contracts.FirstOrDefault(contract => contract.Name == name);
    }

    /// <param name="problem">What is wrong with a reference there, beside those to arguments that do not exist; <c>null</c> when nothing is. The flag: the argument is required.</param>
    public static void Check(
        ToolContract action, IReadOnlyDictionary<string, JsonElement> arguments, ToolContract called, YamlSection at, Func<CompensationReference, JsonElement, bool, string?> problem)
    {
        var known = ToolSchema.Properties(called.Parameters);
        var required = ToolSchema.Required(called.Parameters);
        foreach (var name in arguments.Keys.Where(name => !known.Contains(name)))
        {
            at.Report("arguments", $"'{called.Name}' has no argument '{name}'. Its arguments: {string.Join(", ", known)}.");
        }
        foreach (var name in required.Where(name => !arguments.ContainsKey(name)))
        {
            at.Report("arguments", $"'{called.Name}' requires the argument '{name}'.");
        }
        foreach (var (name, value) in arguments)
        {
            var needed = required.Contains(name);
            if (CompensationReference.Of(value) is { } reference && (OfArgument(reference, value, needed, action) ?? problem(reference, value, needed)) is { } found)
            {
                at.Report("arguments", $"'{name}': {found}");
            }
        }
    }

    private static string? OfArgument(CompensationReference reference, JsonElement text, bool required, ToolContract action)
    {
        if (reference is not CompensationReference.Argument argument)
        {
            return null;
        }
        var known = ToolSchema.Properties(action.Parameters);
        if (!known.Contains(argument.Path))
        {
            return $"'{action.Name}' has no argument '{argument.Path}'. Its arguments: {string.Join(", ", known)}.";
        }
        return required && !ToolSchema.Required(action.Parameters).Contains(argument.Path)
            ? $"{text} may be absent, because '{action.Name}' does not require it, and the argument is required."
            : null;
    }
}
