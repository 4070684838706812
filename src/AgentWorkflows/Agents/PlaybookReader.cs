using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Turns <c>playbook.yaml</c> into the script of the offline playbook model.</summary>
internal sealed class PlaybookReader(YamlFile file, AgentDefinition agent)
{
    private const int MaxGoalLength = 2000;

    public Playbook? Read()
    {
        if (YamlSection.Root(file)?.Allow("otherwise", "entries") is not { } root)
        {
            return null;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<PlaybookEntry>();
        foreach (var section in root.Items("entries"))
        {
            var entry = ReadEntry(section);
            if (!names.Add(entry.Name))
            {
                section.Report("name", $"There are two entries named '{entry.Name}'.");
            }
            entries.Add(entry);
        }
        if (entries.Count == 0)
        {
            root.Report("entries", "This key is required, with at least one entry.");
        }
        return new Playbook { Entries = entries, Otherwise = root.RequiredText("otherwise") };
    }

    private PlaybookEntry ReadEntry(YamlSection section)
    {
        section.Allow("name", "goal", "turns", "answer", "reactions");
        var turns = section.Items("turns").Select(turn => (Section: turn, Turn: ReadTurn(turn))).ToList();
        var entry = new PlaybookEntry
        {
            Name = section.RequiredText("name", 64),
            Goal = section.RequiredText("goal", MaxGoalLength),
            Turns = [.. turns.Select(turn => turn.Turn)],
            Answer = section.RequiredText("answer"),
            Reactions = section.Section("reactions") is { } reactions
                ? reactions.Keys.Distinct().ToDictionary(key => key, key => reactions.RequiredText(key), StringComparer.Ordinal)
                : new Dictionary<string, string>(),
        };
        new PlaybookRules(agent, entry, section).Check([.. turns.Select(turn => turn.Section)]);
        return entry;
    }

    private static PlaybookTurn ReadTurn(YamlSection section)
    {
        section.Allow("reason", "when", "else_answer", "steps");
        var turn = new PlaybookTurn
        {
            Reason = section.RequiredText("reason", 500),
            When = section.Values("when"),
            ElseAnswer = section.Text("else_answer"),
            Steps = [.. section.Items("steps").Select(ReadStep)],
        };
        if (turn.Steps.Count == 0)
        {
            section.Report("steps", "This key is required, with at least one step.");
        }
        if (turn.ElseAnswer is not null && turn.When.Count == 0)
        {
            section.Report("else_answer", "An else_answer needs a 'when'.");
        }
        return turn;
    }

    private static PlanStep ReadStep(YamlSection section)
    {
        section.Allow("id", "tool", "arguments", "success_criteria", "time_budget", "on_failure", "alternative", "undo");
        return new PlanStep
        {
            Id = section.RequiredText("id", 40),
            Tool = section.RequiredText("tool", 64),
            Arguments = JsonSerializer.SerializeToElement(section.Values("arguments")),
            SuccessCriteria = [.. section.Items("success_criteria").Select(ReadCriterion)],
            TimeBudgetSeconds = section.Duration("time_budget", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))?.TotalSeconds,
            OnFailure = section.Choice<OnFailure>("on_failure", "a way to go on") ?? OnFailure.Replan,
            Alternative = section.Section("alternative") is { } alternative ? ReadAlternative(alternative) : null,
            Undo = section.Text("undo", 500),
        };
    }

    private static SuccessCriterion ReadCriterion(YamlSection section)
    {
        section.Allow("path", "operator", "value");
        var criterion = new SuccessCriterion
        {
            Path = section.RequiredText("path", 200),
            Operator = section.Choice<CriterionOperator>("operator", "an operator") ?? CriterionOperator.Exists,
            Value = section.Value("value"),
        };
        if (criterion.Operator != CriterionOperator.Exists && criterion.Value is null)
        {
            section.Report("value", $"The operator '{SnakeCase.Of(criterion.Operator)}' needs a value.");
        }
        return criterion;
    }

    private static AlternativeCall ReadAlternative(YamlSection section)
    {
        section.Allow("tool", "arguments");
        return new AlternativeCall { Tool = section.RequiredText("tool", 64), Arguments = JsonSerializer.SerializeToElement(section.Values("arguments")) };
    }
}
