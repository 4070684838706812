using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Whether a contract's way to look what became of a call exists, changes nothing, and can be asked and understood.</summary>
internal static class SettleRules
{
    public static void Check(ToolContract action, YamlSection section, IReadOnlyList<ToolContract> contracts, IReadOnlySet<string> declared)
    {
        if (action.Settle is not { Tool.Length: > 0 } settle)
        {
            return;
        }
        // In the file where it stands there, else at the tool: then it comes from the code.
        var at = section.Section("settle") ?? section;
        CheckAnswers(settle, at);
        if (ReferenceRules.Find(settle.Tool, at, contracts, declared) is not { } look)
        {
            return;
        }
        if (look.Tier != ToolTier.Read)
        {
            at.Report("tool", $"'{look.Name}' writes: whoever only looks must change nothing. Name a tool of tier 'read'.");
        }
        if (look.CostMicrosPerCall > 0)
        {
            at.Report("tool", $"'{look.Name}' has a price: a look happens whatever is left to spend, so it must be free. Remove cost_usd_per_call there, or name another tool.");
        }
        if (!LabelRule.MaySee(look.MaySee, action.Labels | action.MaySee))
        {
            at.Report("tool", $"'{look.Name}' looks for what may have been done with confidential data, and may not see it. Give it 'may_see: [confidential]'.");
        }
        if ((look.Labels & ~action.Labels) != 0)
        {
            at.Report("tool", $"What '{look.Name}' finds stands for the result of '{action.Name}', and has labels that '{action.Name}' has not. Give '{action.Name}' the same labels.");
        }
        ReferenceRules.Check(action, settle.Arguments, look, at, Problem);
    }

    private static void CheckAnswers(SettleContract settle, YamlSection at)
    {
        if (settle.Path.Split('.').Any(name => name.Length == 0))
        {
            at.Report("path", $"'{settle.Path}' is not a path. Write names with dots between them, such as happened or refund.state.");
        }
        foreach (var (key, values) in new[] { ("done", settle.Done), ("not_done", settle.NotDone) })
        {
            if (values.Count == 0)
            {
                at.Report(key, "This list is empty: then nothing ever says so. Name at least one value.");
            }
        }
        if (settle.Done.Intersect(settle.NotDone, StringComparer.Ordinal).FirstOrDefault() is { } both)
        {
            at.Report("not_done", $"'{both}' stands under done and not_done. A value says one of the two.");
        }
    }

    private static string? Problem(CompensationReference reference, JsonElement text, bool required) => reference is CompensationReference.Argument or CompensationReference.IdempotencyKey
        ? null
        : $"'{text}' is not known when a call gave no answer. Allowed: {CompensationReference.ArgumentsPrefix}NAME, {CompensationReference.IdempotencyKeyText}.";
}
