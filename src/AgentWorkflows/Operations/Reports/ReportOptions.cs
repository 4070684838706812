using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

internal sealed record ReportOptions
{
    /// <summary>What a person costs for one task; default 500,000 micro-USD (0.50 USD), 0 to 2^53.</summary>
    public Micros HumanMicrosPerTask { get; init; } = 500_000;

    /// <summary>Rows of each table; the others are added up. Default 50.</summary>
    public int MaxGroups { get; init; } = 50;
}
