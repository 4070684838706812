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
        if (ReferenceRules.Find(compensation.Tool, at, contracts, declared) is not { } undo)
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
        ReferenceRules.Check(action, compensation.Arguments, undo, at, Problem);
    }

    private static string? Problem(CompensationReference reference, JsonElement text, bool required) => reference switch
    {
        CompensationReference.Result when required =>
            $"{text} is not known when a crash cut the action off, and the argument is required. Use {CompensationReference.IdempotencyKeyText} or {CompensationReference.ArgumentsPrefix}NAME.",
        CompensationReference.Unknown => $"'{text}' is not a reference. Allowed: {CompensationReference.Allowed}.",
        _ => null,
    };
}
