using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Models;

/// <summary>Decides what the playbook says next. Pure.</summary>
internal sealed class PlaybookScript
{
    private readonly IReadOnlyList<ToolContract> _tools;
    private readonly PlaybookConversation _conversation;
    private readonly PlaybookEntry? _entry;
    private readonly Match? _goal;

    /// <exception cref="RegexMatchTimeoutException">A goal pattern took too long.</exception>
    public PlaybookScript(IReadOnlyList<ToolContract> tools, Playbook playbook, PlaybookConversation conversation)
    {
        _tools = tools;
        _conversation = conversation;
        Otherwise = playbook.Otherwise;
        foreach (var entry in playbook.Entries)
        {
            if (PlaybookGoal.Of(entry).Match(conversation.Goal) is { Success: true } match)
            {
                (_entry, _goal) = (entry, match);
                break;
            }
        }
    }

    /// <summary>The name of the entry that is followed; <c>null</c> when none matches the goal.</summary>
    public string? EntryName => _entry?.Name;

    private string Otherwise { get; }

    public Plan Next()
    {
        if (_entry is null)
        {
            return Answer("No playbook entry matches the goal.", PlaybookTemplate.Fill(Otherwise, Find));
        }
        foreach (var turn in _entry.Turns)
        {
            if (!turn.When.All(condition => Holds(condition.Key, condition.Value)))
            {
                if (turn.ElseAnswer is { } otherwise)
                {
                    return Answer("A condition of the playbook does not hold.", PlaybookTemplate.Fill(otherwise, Find));
                }
                continue;
            }
            if (FirstProblem(turn) is { } problem)
            {
                return Answer($"The step '{problem.StepId}' did not succeed.", React(problem));
            }
            var open = turn.Steps.Where(step => !_conversation.Observations.ContainsKey(step.Id)).ToList();
            if (open.Count > 0)
            {
                return new Plan { Reason = PlaybookTemplate.Fill(turn.Reason, Find), Steps = [.. open.Select(Fill)] };
            }
        }
        return Answer("Every step has succeeded.", PlaybookTemplate.Fill(_entry.Answer, Find));
    }

    /// <summary>What can be said when the session has to end now.</summary>
    public string AnswerNow()
    {
        var next = Next();
        if (next.Answer is { } answer)
        {
            return answer;
        }
        var done = _conversation.Observations.Values.Where(item => item.Status == ObservationStatus.Succeeded).Select(item => item.Tool).ToList();
        return $"I had to stop before the goal was reached. Done: {(done.Count == 0 ? "nothing" : string.Join(", ", done))}. "
            + $"Not done: {string.Join(", ", next.Steps.Select(step => step.Tool))}.";
    }

    private static Plan Answer(string reason, string text) => new() { Reason = reason, Answer = text };

    private Observation? FirstProblem(PlaybookTurn turn)
    {
        var problems = turn.Steps.Select(step => _conversation.Observations.GetValueOrDefault(step.Id))
            .OfType<Observation>().Where(item => item.Status != ObservationStatus.Succeeded).ToList();
        // A skipped step only follows from the one that really went wrong.
        return problems.FirstOrDefault(item => item.Status != ObservationStatus.Skipped) ?? problems.FirstOrDefault();
    }

    private string React(Observation problem)
    {
        var status = SnakeCase.Of(problem.Status);
        var template = _entry!.Reactions.GetValueOrDefault($"{problem.StepId}.{status}") ?? _entry.Reactions.GetValueOrDefault(status);
        var message = problem.Message is { Length: > 0 } given ? given : "no reason was given";
        if (template is not null)
        {
            return PlaybookTemplate.Fill(template, path => path == PlaybookTemplate.Message ? JsonSerializer.SerializeToElement(message) : Find(path));
        }
        return problem.Status switch
        {
            ObservationStatus.Rejected => $"I did not run {problem.Tool}, because a person said no: {message}",
            ObservationStatus.ApprovalExpired => $"I did not run {problem.Tool}, because nobody approved it in time.",
            ObservationStatus.Refused => $"I was not allowed to run {problem.Tool}: {message}",
            ObservationStatus.CriteriaFailed => $"{problem.Tool} ran, but its result is not what was needed: {message}",
            ObservationStatus.Skipped => $"{problem.Tool} was not run: {message}",
            _ => $"{problem.Tool} did not work: {message}",
        };
    }

    private PlanStep Fill(PlanStep step) => step with
    {
        Arguments = Fill(step.Tool, step.Arguments),
        Alternative = step.Alternative is { } alternative
            ? alternative with { Arguments = Fill(alternative.Tool, alternative.Arguments) }
            : null,
    };

    private JsonElement Fill(string tool, JsonElement arguments)
    {
        var filled = PlaybookTemplate.Fill(arguments, Find)!.AsObject();
        if (_tools.FirstOrDefault(contract => contract.Name == tool) is { } contract)
        {
            // Goals and contexts are text: "1042" becomes the number that the tool's schema asks for.
            foreach (var (name, value) in filled.ToList())
            {
                if (value?.GetValueKind() == JsonValueKind.String && ToolSchema.IsNumber(contract.Parameters, name)
                    && ParseNumber(value.ToString()) is { } number)
                {
                    filled[name] = JsonValue.Create(number);
                }
            }
        }
        return JsonSerializer.SerializeToElement(filled);
    }

    private static JsonElement? ParseNumber(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Number ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Holds(string reference, JsonElement expected) =>
        Find(reference) is { } value && (JsonElement.DeepEquals(value, expected)
            || (value.ValueKind == JsonValueKind.String && value.GetString() == expected.ToString()));

    private JsonElement? Find(string reference)
    {
        var path = reference.Split('.');
        return path[0] switch
        {
            PlaybookTemplate.Goal => _goal?.Groups[path[^1]] is { Success: true } group ? JsonSerializer.SerializeToElement(group.Value.Trim()) : null,
            PlaybookTemplate.Context => PlaybookTemplate.Walk(_conversation.Context, path.AsSpan(1)),
            var step => _conversation.Observations.GetValueOrDefault(step)?.Result is { } result ? PlaybookTemplate.Walk(result, path.AsSpan(1)) : null,
        };
    }
}
