using System.Text.Json;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Evals;

/// <summary>The tools of one trial: what its case or its record answers is answered so, and only what may really run does. Thread-safe.</summary>
/// <param name="mayRun">Whether the implementation of that name may really be called.</param>
internal sealed class TrialTools(IToolCatalog inner, EvalCase wanted, Func<string, bool> mayRun) : IToolCatalog
{
    /// <summary>In the arguments of recorded calls, for the session's own id, which idempotency keys begin with.</summary>
    public const string SessionPlaceholder = "{session}";

    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _used = [];
    private readonly Dictionary<int, int> _replayed = [];
    private readonly List<string> _unanswered = [];

    public IReadOnlyCollection<string> Names => inner.Names;

    /// <summary>Calls that were made though nothing answers them.</summary>
    public IReadOnlyList<string> Unanswered
    {
        get
        {
            lock (_lock)
            {
                return [.. _unanswered];
            }
        }
    }

    public ITool? Find(string implementation) => inner.Find(implementation) is { } tool ? new TrialTool(this, tool) : null;

    public Task<ToolResult> AnswerAsync(ITool tool, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Fixture(invocation) is { } answer)
            {
                return Task.FromResult(answer);
            }
            if (wanted.Recording is { } recording)
            {
                return Task.FromResult(Replay(recording, invocation));
            }
            if (wanted.Fixtures.Any(fixture => fixture is { Tool: var name, Times: null } && name == invocation.Tool))
            {
                return Task.FromResult(Refuse($"No fixture of {invocation.Tool} covers the call {ValueCheck.Shown(invocation.Arguments)}."));
            }
            if (!mayRun(tool.Name))
            {
                return Task.FromResult(Refuse($"{invocation.Tool} was called, which would act outside: no fixture answers it, and it is not known to be sandboxed."));
            }
        }
        return tool.ExecuteAsync(invocation, cancellationToken);
    }

    private ToolResult? Fixture(ToolInvocation invocation)
    {
        for (var i = 0; i < wanted.Fixtures.Count; i++)
        {
            var fixture = wanted.Fixtures[i];
            if (fixture.Tool == invocation.Tool && Covers(fixture, invocation.Arguments) && _used.GetValueOrDefault(i) < (fixture.Times ?? int.MaxValue))
            {
                _used[i] = _used.GetValueOrDefault(i) + 1;
                return fixture.Failure is { } failure ? failure : new ToolResult.Success(fixture.Result!.Value);
            }
        }
        return null;
    }

    private static bool Covers(ToolFixture fixture, JsonElement arguments) => fixture.When.All(pair =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(pair.Key, out var value) && ValueCheck.Same(value, pair.Value));

    /// <summary>What was recorded of the same call; where it was made more than once, in the recorded order, the last one again and again.</summary>
    private ToolResult Replay(EvalRecording recording, ToolInvocation invocation)
    {
        var asked = WithoutSession(invocation.Arguments, invocation.SessionId);
        var same = Enumerable.Range(0, recording.Calls.Count)
            .Where(i => recording.Calls[i].Tool == invocation.Tool && CallDifference.Of(recording.Calls[i].Arguments, asked).Count == 0).ToList();
        if (same.Count == 0)
        {
            return Refuse(CallDifference.Describe(invocation.Tool, asked, recording.Calls));
        }
        var turn = _replayed.GetValueOrDefault(same[0]);
        _replayed[same[0]] = turn + 1;
        var call = recording.Calls[same[Math.Min(turn, same.Count - 1)]];
        return call.Failure is { } failure ? failure : new ToolResult.Success(call.Result!.Value);
    }

    public static JsonElement WithoutSession(JsonElement arguments, string sessionId) =>
        JsonElement.Parse(arguments.GetRawText().Replace(sessionId, SessionPlaceholder, StringComparison.Ordinal));

    private ToolResult Refuse(string problem)
    {
        _unanswered.Add(problem);
        return ToolResult.Permanent(problem, "This is an eval: answer with what is known.");
    }

    private sealed class TrialTool(TrialTools tools, ITool inner) : ITool
    {
        public string Name => inner.Name;

        public JsonElement ParametersSchema => inner.ParametersSchema;

        public ToolContract? Contract => inner.Contract;

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => tools.AnswerAsync(inner, invocation, cancellationToken);
    }
}
