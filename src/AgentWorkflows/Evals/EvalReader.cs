using System.Globalization;
using System.Text.RegularExpressions;
using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>Turns one file of <c>agents/NAME/evals</c> into cases, reporting what is wrong to its file.</summary>
/// <param name="agent">Whose tools the cases name; <c>null</c>: any.</param>
internal sealed partial class EvalReader(YamlFile file, string agentName, AgentDefinition? agent)
{
    private const int MaxTrials = 1000;

    public IReadOnlyList<EvalCase> Read()
    {
        if (YamlSection.Root(file)?.Allow("cases") is not { } root)
        {
            return [];
        }
        var cases = new List<EvalCase>();
        foreach (var section in root.Items("cases"))
        {
            var read = ReadCase(section);
            if (cases.Any(before => before.Name == read.Name))
            {
                section.Report("name", $"There are two cases named '{read.Name}'.");
            }
            cases.Add(read);
        }
        if (cases.Count == 0)
        {
            root.Report("cases", "This key is required, with at least one case.");
        }
        return cases;
    }

    private EvalCase ReadCase(YamlSection section)
    {
        section.Allow("name", "description", "goal", "context", "trials", "limits", "approvals", "fixtures", "recording", "expect", "judge");
        var name = section.RequiredText("name", 64);
        if (name.Length > 0 && !CaseName().IsMatch(name))
        {
            section.Report("name", $"'{name}' is not a name. Allowed: 1 to 64 of a-z, 0-9 and -.");
        }
        return new EvalCase
        {
            Agent = agentName,
            Name = name,
            File = file.Name,
            Description = section.Text("description") ?? "",
            Goal = section.RequiredText("goal", StartSessionRequest.MaxGoalLength),
            Context = section.Values("context"),
            Trials = section.Integer("trials", 1, MaxTrials),
            Limits = section.Section("limits") is { } limits ? ReadLimits(limits) : new RequestedLimits(),
            Approvals = section.Section("approvals") is { } approvals ? ReadApprovals(approvals) : new EvalApprovals(),
            Fixtures = [.. section.Items("fixtures").Select(ReadFixture)],
            Recording = section.Section("recording") is { } recording ? RecordingReader.Read(recording) : null,
            Expect = section.Section("expect") is { } expect ? ReadExpectations(expect) : new Expectations(),
            Judge = section.Section("judge") is { } judge ? ReadJudge(judge) : null,
        };
    }

    private static RequestedLimits ReadLimits(YamlSection section)
    {
        section.Allow("max_cost_usd", "max_iterations", "max_tool_calls", "max_tokens");
        return new RequestedLimits
        {
            MaxCostUsd = section.Usd("max_cost_usd", 1, 1_000_000_000)?.Usd,
            MaxIterations = section.Integer("max_iterations", 1, 1000),
            MaxToolCalls = section.Integer("max_tool_calls", 0, 1000),
            MaxTokens = section.Integer("max_tokens", 1, 10_000_000),
        };
    }

    private EvalApprovals ReadApprovals(YamlSection section)
    {
        section.Allow("reject", "reason");
        return new EvalApprovals
        {
            Reject = ToolNames(section, "reject", orAll: true),
            Reason = section.Text("reason", 1000) ?? new EvalApprovals().Reason,
        };
    }

    private ToolFixture ReadFixture(YamlSection section)
    {
        section.Allow("tool", "when", "result", "failure", "times");
        var fixture = new ToolFixture
        {
            Tool = ToolName(section),
            When = section.Values("when"),
            Result = section.Value("result"),
            Failure = section.Section("failure") is { } failure ? ReadFailure(failure) : null,
            Times = section.Integer("times", 1, 1000),
        };
        if (section.Shape is null && (fixture.Result is null) == (fixture.Failure is null))
        {
            section.Report("A fixture needs either 'result' or 'failure'.");
        }
        return fixture;
    }

    private static ToolResult.Failure ReadFailure(YamlSection section)
    {
        section.Allow("kind", "message", "suggestion");
        var kind = section.Choice<ToolFailureKind>("kind", "a kind of failure") ?? ToolFailureKind.Permanent;
        return new ToolResult.Failure(kind, section.RequiredText("message", 2000), section.Text("suggestion", 2000) ?? "", RetrySafe: kind != ToolFailureKind.Permanent);
    }

    private Expectations ReadExpectations(YamlSection section)
    {
        section.Allow("status", "failure", "tools", "calls", "approvals", "answer", "facts", "max_cost_usd", "max_tokens", "max_turns", "max_latency", "state", "after_rollback");
        var (tools, approvals, answer) = (section.Section("tools"), section.Section("approvals"), section.Section("answer"));
        tools?.Allow("used", "forbidden", "order");
        approvals?.Allow("asked", "not_asked");
        answer?.Allow("contains", "matches", "forbids");
        return new Expectations
        {
            Statuses = ReadStatuses(section),
            Failure = section.Text("failure", 64),
            Used = tools is null ? [] : ToolNames(tools, "used"),
            Forbidden = tools is null ? [] : ToolNames(tools, "forbidden"),
            Order = tools is null ? [] : ToolNames(tools, "order"),
            Calls = [.. section.Items("calls").Select(ReadCall)],
            Asked = approvals is null ? [] : ToolNames(approvals, "asked"),
            NotAsked = approvals is null ? [] : ToolNames(approvals, "not_asked", orAll: true),
            AnswerContains = answer?.Texts("contains") ?? [],
            AnswerMatches = answer is null ? [] : Patterns(answer, "matches"),
            AnswerForbids = answer is null ? [] : Patterns(answer, "forbids"),
            Facts = [.. section.Items("facts").Select(fact => new ExpectedFact(ToolName(fact.Allow("tool", "path")), fact.RequiredText("path", 200)))],
            MaxCostMicros = section.Usd("max_cost_usd", 0, 1_000_000_000),
            MaxTokens = section.Integer("max_tokens", 0, 10_000_000),
            MaxTurns = section.Integer("max_turns", 1, 1000),
            MaxLatency = section.Duration("max_latency", TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)),
            State = [.. section.Items("state").Select(ReadState)],
            AfterRollback = [.. section.Items("after_rollback").Select(ReadState)],
        };
    }

    private static List<SessionStatus> ReadStatuses(YamlSection section)
    {
        if (section.Shape is not null)
        {
            section.Texts("status");
        }
        var ended = SessionStatuses.Ended.ToDictionary(status => SnakeCase.Of(status), StringComparer.Ordinal);
        var statuses = new List<SessionStatus>();
        foreach (var text in section.Shape is null ? section.Texts("status") : [])
        {
            if (ended.TryGetValue(text, out var status))
            {
                statuses.Add(status);
            }
            else
            {
                section.Report("status", $"'{text}' is not how a session ends. Allowed: {string.Join(", ", ended.Keys)}.");
            }
        }
        return statuses;
    }

    private ExpectedCall ReadCall(YamlSection section)
    {
        section.Allow("tool", "count", "arguments");
        return new ExpectedCall(ToolName(section), section.Integer("count", 0, 1000), Checks(section, "arguments"));
    }

    private ExpectedState ReadState(YamlSection section)
    {
        section.Allow("tool", "arguments", "values");
        var tool = ToolName(section);
        if (agent?.FindTool(tool) is { Tier: not ToolTier.Read } contract)
        {
            section.Report("tool", $"'{tool}' is {SnakeCase.Of(contract.Tier)}; only a tool of the tier 'read' tells of a state.");
        }
        var values = Checks(section, "values");
        if (section.Shape is null && values.Count == 0)
        {
            section.Report("values", "This key is required, with at least one path.");
        }
        return new ExpectedState(tool, System.Text.Json.JsonSerializer.SerializeToElement(section.Values("arguments")), values);
    }

    private static List<NamedCheck> Checks(YamlSection section, string key) => [.. section.Sections(key).Select(named => new NamedCheck(named.Name, ReadCheck(named.Section)))];

    private static ValueCheck ReadCheck(YamlSection section)
    {
        section.Allow("equals", "not_equals", "min", "max", "matches", "contains", "absent");
        var check = new ValueCheck
        {
            Equal = section.Value("equals"),
            NotEqual = section.Value("not_equals"),
            Min = Number(section, "min"),
            Max = Number(section, "max"),
            Matches = Pattern(section, "matches", section.Text("matches", 1000)),
            Contains = section.Text("contains", 1000),
            Absent = section.Flag("absent", otherwise: false),
        };
        if (section.Shape is null && check == new ValueCheck())
        {
            section.Report("This asks for nothing. Write one of: equals, not_equals, min, max, matches, contains, absent.");
        }
        return check;
    }

    private static decimal? Number(YamlSection section, string key)
    {
        if (section.Value(key) is not { } value)
        {
            return null;
        }
        if (value.ValueKind == System.Text.Json.JsonValueKind.Number && value.TryGetDecimal(out var number))
        {
            return number;
        }
        section.Report(key, $"'{value}' is not a number.");
        return null;
    }

    private static EvalJudge ReadJudge(YamlSection section)
    {
        section.Allow("deployment", "question", "votes", "at_least");
        return new EvalJudge(
            section.RequiredText("deployment", 200), section.RequiredText("question", 2000), section.Integer("votes", 1, 9) ?? 1, section.Number("at_least", 0.01, 1) ?? 0.5);
    }

    private string ToolName(YamlSection section)
    {
        var name = section.RequiredText("tool", 64);
        return name.Length == 0 ? name : Known(section, "tool", name);
    }

    private List<string> ToolNames(YamlSection section, string key, bool orAll = false) =>
        [.. section.Texts(key).Select(name => (orAll && name == "*") || section.Shape is not null ? name : Known(section, key, name))];

    private string Known(YamlSection section, string key, string name)
    {
        if (agent is not null && section.Shape is null && agent.FindTool(name) is null)
        {
            var names = agent.Tools.Select(tool => tool.Name).ToArray();
            var hint = NearestName.Find(name, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            section.Report(key, $"{agent.Name} has no tool '{name}'.{hint} Its tools: {string.Join(", ", names)}.");
        }
        return name;
    }

    private static List<string> Patterns(YamlSection section, string key) =>
        [.. section.Texts(key).Select(pattern => Pattern(section, key, pattern)).OfType<string>()];

    private static string? Pattern(YamlSection section, string key, string? pattern)
    {
        if (pattern is null || section.Shape is not null)
        {
            return null;
        }
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return pattern;
        }
        catch (ArgumentException error)
        {
            section.Report(key, string.Create(CultureInfo.InvariantCulture, $"Not a regular expression: {error.Message}"));
            return null;
        }
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z")]
    private static partial Regex CaseName();
}
