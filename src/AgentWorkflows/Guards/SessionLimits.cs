using AgentWorkflows.Words;

using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Guards;

/// <summary>Hard limits of one session, checked before every step. A request may only lower its agent's.</summary>
internal sealed record SessionLimits
{
    /// <summary>Turns; default 10, 1 to 1,000.</summary>
    public int MaxIterations { get; init; } = 10;

    /// <summary>Default 15, 0 to 1,000.</summary>
    public int MaxToolCalls { get; init; } = 15;

    /// <summary>Input and output tokens of all model calls; default 50,000, 1 to 10,000,000.</summary>
    public int MaxTokens { get; init; } = 50_000;

    /// <summary>Wall-clock age, waiting for people not counted; default 3,600 s, 1 s to 30 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Attempts after failures, over all steps of the session; default 3, 0 to 100.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Over the last hour, over at least ten minutes; see <see cref="BurnRate"/>. Default 2,000,000 micro-USD (2.00 USD) an hour, 1 to 1,000,000,000,000.</summary>
    public Micros MaxBurnMicrosPerHour { get; init; } = 2_000_000;

    /// <summary>Default 500,000 micro-USD (0.50 USD), 1 to 1,000,000,000,000.</summary>
    public Micros MaxCostMicros { get; init; } = 500_000;
}
