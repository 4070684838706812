using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Guards;
using AgentWorkflows.Guards.Loops;

namespace AgentWorkflows.Sessions;

/// <summary>What a session's orchestration is started with, and continues with as new.</summary>
public sealed record SessionInput
{
    public required SessionRef Session { get; init; }

    public required SessionLimits Limits { get; init; }

    public required RollbackPolicy Rollback { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Only in the first execution: afterwards the goal and the context are in the session store.</summary>
    public SessionOpening? Opening { get; init; }

    /// <summary>The goal is judged simple or complex before the first plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Classify { get; init; }

    public SessionState State { get; init; } = new();
}

/// <summary>Which session a step belongs to, and on which definition it runs.</summary>
public sealed record SessionRef(string Id, string Agent, string SnapshotHash, string UserId, string TaskType)
{
    /// <summary>What the agent's permissions are asked with.</summary>
    public string Role { get; init; } = StartRequestRules.DefaultRole;

    /// <summary>The span that the session's other spans belong to, as W3C writes it; <c>null</c> when nobody watched the start.</summary>
    public string? TraceParent { get; init; }
}

public sealed record SessionOpening(string Goal, JsonElement Context, string AgentVersion)
{
    /// <summary>Whose recorded turns to copy before the first one of its own.</summary>
    public ForkSource? ForkedFrom { get; init; }
}

/// <summary>What the orchestrator itself remembers: small, bounded, rebuilt by replay.</summary>
public sealed record SessionState
{
    /// <summary>The current turn, from 1; 0 before the first.</summary>
    public int Turn { get; init; }

    public int ToolCalls { get; init; }

    public int SucceededCalls { get; init; }

    public int Tokens { get; init; }

    public long CostMicros { get; init; }

    public int Retries { get; init; }

    /// <summary>How often it waited for a model that asked for patience.</summary>
    public int ModelWaits { get; init; }

    /// <summary>What loop detection remembers.</summary>
    public LoopState Loop { get; init; } = new();

    /// <summary>What the model is told before its next plan; see <see cref="LoopWatch"/>.</summary>
    public string? Notice { get; init; }

    /// <summary>What the session had cost at some ages of it, for its burn rate.</summary>
    public IReadOnlyList<SpendSample> Spend { get; init; } = [];

    /// <summary>The last turn that a summary stands for.</summary>
    public int SummarizedUpTo { get; init; }

    /// <summary>The context is made fresh before the next plan.</summary>
    public bool RefreshDue { get; init; }

    public bool RefreshedByAge { get; init; }

    /// <summary>The goal was judged simple and nothing has spoken against it: the deployment for simple goals plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Simple { get; init; }

    /// <summary>Counts steps; see <see cref="SessionProgress.Revision"/>.</summary>
    public long Revision { get; init; }

    /// <summary>Time spent waiting for people; not part of the session's age.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>While a person is asked; not yet in <see cref="Waited"/>.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    public IReadOnlyDictionary<string, int> CallsByTool { get; init; } = new Dictionary<string, int>();

    /// <summary>The saga stack.</summary>
    public IReadOnlyList<CompensationEntry> Saga { get; init; } = [];

    public SessionProgress Progress(SessionStatus status, string phase) => new()
    {
        Revision = Revision,
        Status = status,
        Phase = phase,
        Turn = Turn,
        ToolCalls = ToolCalls,
        CostMicros = CostMicros,
        Tokens = Tokens,
        Compensations = Saga,
        Waited = Waited == TimeSpan.Zero ? null : Waited,
        WaitingSince = WaitingSince,
    };
}

/// <summary>What every activity of a session is given.</summary>
public sealed record StepContext(SessionRef Session, int Turn, SessionProgress Progress);

/// <summary>What the session's orchestration returns.</summary>
public sealed record SessionResult(SessionStatus Status, string? Answer, SessionFailure? Failure, SessionState State);
