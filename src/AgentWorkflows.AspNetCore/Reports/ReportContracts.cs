using AgentWorkflows.Operations.Reports;

namespace AgentWorkflows.AspNetCore.Reports;

/// <summary>One UTC day.</summary>
internal sealed record DailyReportResponse
{
    public required string Date { get; init; }

    /// <summary>Absent for everybody's.</summary>
    public string? User { get; init; }

    public required bool Complete { get; init; }

    public required SpendResponse Spend { get; init; }

    public required IReadOnlyList<decimal> SpendByHourUsd { get; init; }

    public required SessionsResponse Sessions { get; init; }

    public required IReadOnlyList<SpendGroupResponse> ByTaskType { get; init; }

    public required IReadOnlyList<SpendGroupResponse> ByAgent { get; init; }

    public required IReadOnlyList<SpendGroupResponse> ByUser { get; init; }

    public required IReadOnlyList<SpendGroupResponse> ByModel { get; init; }

    public required IReadOnlyList<SpendGroupResponse> ByPurpose { get; init; }

    public required RoiResponse Roi { get; init; }

    public static DailyReportResponse From(DailyReport report) => new()
    {
        Date = report.Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        User = report.UserId,
        Complete = report.Complete,
        Spend = new SpendResponse(
            ApiJson.Usd(report.Spend.CostMicros), ApiJson.Usd(report.Spend.InDoubtMicros), ApiJson.Usd(report.Spend.HeldMicros), report.Spend.Calls,
            report.Spend.ExpiredReservations, report.Spend.InputTokens, report.Spend.CachedInputTokens, report.Spend.OutputTokens, report.Spend.HoldRatio),
        SpendByHourUsd = [.. report.SpendByHour.Select(ApiJson.Usd)],
        Sessions = new SessionsResponse(report.SessionsStarted, report.SessionsSucceeded, report.SessionsByStatus, report.FailuresByCategory),
        ByTaskType = Groups(report.ByTaskType),
        ByAgent = Groups(report.ByAgent),
        ByUser = Groups(report.ByUser),
        ByModel = Groups(report.ByModel),
        ByPurpose = Groups(report.ByPurpose),
        Roi = new RoiResponse(
            ApiJson.Usd(report.Return.HumanMicrosPerTask), ApiJson.Usd(report.Return.HumanMicros), ApiJson.Usd(report.Return.CostMicros),
            ApiJson.Usd(report.Return.SavedMicros), report.Return.Percent),
    };

    private static SpendGroupResponse[] Groups(IEnumerable<SpendGroup> groups) =>
    [
        .. groups.Select(group => new SpendGroupResponse(
            group.Key, ApiJson.Usd(group.CostMicros), group.Calls, group.InputTokens, group.OutputTokens, group.Sessions, group.Succeeded,
            group.CostPerSuccessMicros is { } micros ? ApiJson.Usd(micros) : null)),
    ];
}

/// <param name="HoldRatio">Reserved for each dollar that known model calls cost.</param>
internal sealed record SpendResponse(
    decimal CostUsd, decimal InDoubtUsd, decimal HeldUsd, int Calls, int ExpiredReservations, long InputTokens, long CachedInputTokens, long OutputTokens, decimal? HoldRatio);

internal sealed record SessionsResponse(
    int Started, int Succeeded, IReadOnlyDictionary<string, int> ByStatus, IReadOnlyDictionary<string, int> FailuresByCategory);

internal sealed record SpendGroupResponse(
    string Key, decimal CostUsd, int Calls, long InputTokens, long OutputTokens, int Sessions, int Succeeded, decimal? CostPerSuccessUsd);

internal sealed record RoiResponse(decimal HumanCostPerTaskUsd, decimal HumanCostUsd, decimal CostUsd, decimal SavedUsd, decimal? Percent);
