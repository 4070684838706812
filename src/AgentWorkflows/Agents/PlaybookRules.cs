using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Whether an entry can be followed: its pattern compiles, its tools exist and every reference points at something that comes before.</summary>
internal sealed partial class PlaybookRules(AgentDefinition agent, PlaybookEntry entry, YamlSection section)
{
    private readonly HashSet<string> _steps = new(StringComparer.Ordinal);
    private HashSet<string> _goalGroups = [];

    public void Check(IReadOnlyList<YamlSection> turns)
    {
        CheckGoal();
        for (var i = 0; i < entry.Turns.Count; i++)
        {
            var turn = entry.Turns[i];
            foreach (var reference in turn.When.Keys)
            {
                CheckReference(reference, turns[i], "when");
            }
            CheckTemplate(turn.ElseAnswer, turns[i], "else_answer");
            var steps = turns[i].Items("steps").ToList();
            for (var j = 0; j < steps.Count; j++)
            {
                CheckStep(turn.Steps[j], steps[j]);
            }
            _steps.UnionWith(turn.Steps.Select(step => step.Id));
        }
        CheckTemplate(entry.Answer, section, "answer");
        CheckReactions();
    }

    private void CheckGoal()
    {
        try
        {
            var pattern = PlaybookGoal.Compile(entry.Goal);
            _goalGroups = [.. pattern.GetGroupNames()];
        }
        catch (ArgumentException error)
        {
            section.Report("goal", $"Not a regular expression: {error.Message}");
        }
    }

    private void CheckStep(PlanStep step, YamlSection at)
    {
        if (!StepId().IsMatch(step.Id) || step.Id is PlaybookTemplate.Goal or PlaybookTemplate.Context or PlaybookTemplate.Message)
        {
            at.Report("id", $"'{step.Id}' is not a step id. Allowed: 1 to 40 of a-z, 0-9, _ and -, but not goal, context or message.");
        }
        else if (_steps.Contains(step.Id) || entry.Turns.SelectMany(turn => turn.Steps).Count(other => other.Id == step.Id) > 1)
        {
            at.Report("id", $"There are two steps '{step.Id}' in this entry.");
        }
        CheckCall(step.Tool, step.Arguments, at);
        if (step.Alternative is { } alternative && at.Section("alternative") is { } section)
        {
            CheckCall(alternative.Tool, alternative.Arguments, section);
        }
        if ((step.OnFailure == OnFailure.Alternative) != (step.Alternative is not null))
        {
            at.Report("alternative", "'alternative' and 'on_failure: alternative' belong together.");
        }
    }

    private void CheckCall(string tool, JsonElement arguments, YamlSection at)
    {
        if (agent.FindTool(tool) is not { Offered: true } contract)
        {
            var offered = agent.Tools.Where(other => other.Offered).Select(other => other.Name);
            at.Report("tool", $"The agent offers no tool '{tool}'. Offered: {string.Join(", ", offered)}.");
            return;
        }
        var known = ToolSchema.Properties(contract.Parameters);
        foreach (var argument in arguments.EnumerateObject())
        {
            if (!known.Contains(argument.Name))
            {
                at.Report("arguments", $"'{tool}' has no argument '{argument.Name}'. Its arguments: {string.Join(", ", known)}.");
            }
            foreach (var text in PlaybookTemplate.Texts(argument.Value))
            {
                CheckTemplate(text, at, "arguments");
            }
        }
        foreach (var missing in ToolSchema.Required(contract.Parameters).Where(name => !arguments.TryGetProperty(name, out _)))
        {
            at.Report("arguments", $"'{tool}' requires the argument '{missing}'.");
        }
    }

    private void CheckReactions()
    {
        foreach (var (key, template) in entry.Reactions)
        {
            var parts = key.Split('.');
            if (parts.Length > 2 || (parts.Length == 2 && !_steps.Contains(parts[0])))
            {
                section.Report("reactions", $"'{key}' names no step. Write STATUS or STEP.STATUS; the steps are {string.Join(", ", _steps)}.");
            }
            section.Choice<ObservationStatus>("reactions", "a status", parts[^1]);
            CheckTemplate(template, section, "reactions");
        }
    }

    private void CheckTemplate(string? template, YamlSection at, string key)
    {
        foreach (var reference in PlaybookTemplate.References(template ?? ""))
        {
            CheckReference(reference, at, key);
        }
    }

    private void CheckReference(string reference, YamlSection at, string key)
    {
        var parts = reference.Split('.');
        var allowed = parts switch
        {
            [PlaybookTemplate.Goal, var group] => _goalGroups.Contains(group),
            [PlaybookTemplate.Context, _, ..] => true,
            [PlaybookTemplate.Message] => key == "reactions",
            [var step, _, ..] => _steps.Contains(step),
            _ => false,
        };
        if (!allowed)
        {
            at.Report(key, $"{{{reference}}} points at nothing. Allowed: goal.GROUP of this goal, context.KEY, STEP.PATH of an earlier turn"
                + (key == "reactions" ? ", message." : "."));
        }
    }

    [GeneratedRegex(@"^[a-z0-9_-]{1,40}\z")]
    private static partial Regex StepId();
}
