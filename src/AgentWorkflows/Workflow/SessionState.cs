using System.Text.Json.Serialization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Workflow;

/// <summary>What the orchestrator itself remembers: small, bounded, rebuilt by replay.</summary>
internal sealed record SessionState
{
    /// <summary>The current turn, from 1; 0 before the first.</summary>
    public int Turn { get; init; }

    public int ToolCalls { get; init; }

    public int SucceededCalls { get; init; }

    public int Tokens { get; init; }

    public Micros CostMicros { get; init; }

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

    /// <summary>Time spent waiting for people, up to the last moment when nobody was asked; not part of the session's age.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>While people are asked, since the first of them was; not yet in <see cref="Waited"/>.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>How many people are asked at this moment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int OpenWaits { get; init; }

    public IReadOnlyDictionary<string, int> CallsByTool { get; init; } = new Dictionary<string, int>();

    /// <summary>The saga stack.</summary>
    public IReadOnlyList<CompensationEntry> Saga { get; init; } = [];

    /// <summary>Time spent waiting for people up to <paramref name="now"/>, however many of them were asked at once.</summary>
    public TimeSpan WaitedBy(DateTimeOffset now) => WaitingSince is { } since && now > since ? Waited + (now - since) : Waited;

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
