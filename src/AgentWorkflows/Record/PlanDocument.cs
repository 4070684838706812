using AgentWorkflows.Costs;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>A turn's plan as kept in the session store, with what it cost, so that a repeated step answers the same without a second call.</summary>
internal sealed record PlanDocument(Plan Plan, int Tokens, Micros CostMicros)
{
    public string Model { get; init; } = "";

    public string Deployment { get; init; } = "";

    public string? RequestId { get; init; }

    public string FinishReason { get; init; } = "";

    public bool FromCache { get; init; }

    /// <summary>The answer is a draft for another deployment.</summary>
    public bool Draft { get; init; }

    /// <summary>What was taken out of the answer because nothing the session saw vouches for it.</summary>
    public IReadOnlyList<string>? Replaced { get; init; }

    public PaidCall? Paid { get; init; }

    /// <summary>The labelled data it was made from; <c>null</c>: none.</summary>
    public SeenLabels? Seen { get; init; }

    /// <summary>For people: what is odd about the answer or its usage.</summary>
    public string? Note { get; init; }
}

/// <summary>A model's answer that was not a plan, kept so that the repair attempt can show it.</summary>
internal sealed record InvalidPlanDocument(string Text, string Problem, int Tokens, Micros CostMicros)
{
    public PaidCall? Paid { get; init; }

    public bool HasFallback { get; init; }

    /// <summary>It was a plan, but one that contradicts the record.</summary>
    public bool Contradiction { get; init; }

    /// <summary>Why the conversation is replaced by the record before a model is asked again.</summary>
    public string? RefreshBecause { get; init; }

    /// <summary>In place of <see cref="Problem"/> wherever it is logged; <c>null</c>: it may be logged itself.</summary>
    public string? Logged { get; init; }

    /// <summary>For people: what is odd about the answer or its usage, and what to change.</summary>
    public string? Note { get; init; }
}

/// <summary>Older turns in few words.</summary>
/// <param name="UpToTurn">The last turn it stands for.</param>
/// <param name="ByModel">False for a checkpoint: the recorded facts as they are, without a model's help.</param>
internal sealed record SummaryDocument(int UpToTurn, string Text, bool ByModel, int Tokens, Micros CostMicros)
{
    /// <summary>Of summaries kept before <see cref="SideDocument"/> carried it.</summary>
    public PaidCall? Paid { get; init; }
}

/// <summary>Kept with an answer, so that a step that finds it after a crash can settle its ledger entry.</summary>
internal sealed record PaidCall(string EntryId, CostActual Actual);
