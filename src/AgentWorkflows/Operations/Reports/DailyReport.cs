using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

/// <summary>One UTC day: what was spent on it, and what became of the sessions that started on it. All amounts in micro-USD.</summary>
internal sealed record DailyReport
{
    public required DateOnly Date { get; init; }

    /// <summary>Whose sessions and entries; <c>null</c>: everybody's.</summary>
    public string? UserId { get; init; }

    /// <summary>False while the day is not over.</summary>
    public required bool Complete { get; init; }

    public required SpendTotals Spend { get; init; }

    /// <summary>24 amounts: settled entries by the hour of their reservation.</summary>
    public required IReadOnlyList<Micros> SpendByHour { get; init; }

    public required int SessionsStarted { get; init; }

    public required int SessionsSucceeded { get; init; }

    public required IReadOnlyDictionary<string, int> SessionsByStatus { get; init; }

    /// <summary>Of sessions that failed, were halted or completed partially.</summary>
    public required IReadOnlyDictionary<string, int> FailuresByCategory { get; init; }

    public required IReadOnlyList<SpendGroup> ByTaskType { get; init; }

    public required IReadOnlyList<SpendGroup> ByAgent { get; init; }

    public required IReadOnlyList<SpendGroup> ByUser { get; init; }

    public required IReadOnlyList<SpendGroup> ByModel { get; init; }

    public required IReadOnlyList<SpendGroup> ByPurpose { get; init; }

    public required ReturnOnSpend Return { get; init; }
}

/// <param name="CostMicros">Settled, in doubt included: never less than the bill.</param>
/// <param name="InDoubtMicros">The part of it that may not have been billed.</param>
/// <param name="HeldMicros">Reserved now, for calls under way.</param>
/// <param name="Calls">Settled entries.</param>
/// <param name="ExpiredReservations">Ended because nobody settled them in time.</param>
internal sealed record SpendTotals(Micros CostMicros, Micros InDoubtMicros, Micros HeldMicros, int Calls, int ExpiredReservations)
{
    public long InputTokens { get; init; }

    public long CachedInputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>Reserved for model calls with a known cost, for each micro-USD they cost; <c>null</c> without such calls. 1 would be a perfect estimate.</summary>
    public decimal? HoldRatio { get; init; }
}

/// <summary>What one task type, agent, user, model or purpose cost.</summary>
internal sealed record SpendGroup(string Key, Micros CostMicros, int Calls)
{
    /// <summary>Stands for all that are not listed.</summary>
    public const string Rest = "(other)";

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>Sessions started on the day; zero for models and purposes, which sessions share.</summary>
    public int Sessions { get; init; }

    public int Succeeded { get; init; }

    /// <summary>Everything the group cost, failures and retries included, for each session that succeeded; <c>null</c> without one.</summary>
    public Micros? CostPerSuccessMicros => Succeeded > 0 ? (CostMicros.Value + Succeeded - 1) / Succeeded : null;
}

/// <summary>Against people doing the same tasks.</summary>
/// <param name="HumanMicros">The successful sessions at the price of a person.</param>
internal sealed record ReturnOnSpend(Micros HumanMicrosPerTask, Micros HumanMicros, Micros CostMicros)
{
    public Micros SavedMicros => HumanMicros - CostMicros;

    /// <summary>Saved for each micro-USD spent, in percent; <c>null</c> when nothing was spent.</summary>
    public decimal? Percent => CostMicros == 0 ? null : Math.Round(100m * SavedMicros.Value / CostMicros.Value, 1);
}
