using AgentWorkflows.Costs;

namespace AgentWorkflows.Planning;

/// <summary>A turn's plan as kept in the session store, with what it cost, so that a repeated step answers the same without a second call.</summary>
public sealed record PlanDocument(Plan Plan, int Tokens, long CostMicros)
{
    public string Model { get; init; } = "";

    public string Deployment { get; init; } = "";

    public string? RequestId { get; init; }

    public string FinishReason { get; init; } = "";

    public PaidCall? Paid { get; init; }
}

/// <summary>A model's answer that was not a plan, kept so that the repair attempt can show it.</summary>
public sealed record InvalidPlanDocument(string Text, string Problem, int Tokens, long CostMicros)
{
    public PaidCall? Paid { get; init; }

    public bool HasFallback { get; init; }
}

/// <summary>Kept with an answer, so that a step that finds it after a crash can settle its ledger entry.</summary>
public sealed record PaidCall(string EntryId, CostActual Actual);
