using System.Globalization;
using AgentWorkflows.Guards;
using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>The caps that bound more than one session, in micro-USD. Each 1 to 2^53.</summary>
internal sealed record CostCapOptions
{
    /// <summary>Default 5.00 USD.</summary>
    public Micros UserPerDayMicros { get; init; } = 5_000_000;

    /// <summary>Default 100.00 USD.</summary>
    public Micros UserPerMonthMicros { get; init; } = 100_000_000;

    /// <summary>Default 50.00 USD.</summary>
    public Micros AgentPerDayMicros { get; init; } = 50_000_000;

    /// <summary>How fast all sessions of an agent together may spend; default none.</summary>
    public Micros? AgentPerHourMicros { get; init; }

    /// <summary>Default 100.00 USD.</summary>
    public Micros GlobalPerHourMicros { get; init; } = 100_000_000;
}

/// <summary>Which caps a call falls under. Pure. Days, months and hours are UTC.</summary>
internal static class CostCaps
{
    public static IReadOnlyList<CostCap> For(SessionRef session, SessionLimits limits, CostCapOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(options);
        var utc = now.UtcDateTime;
        IEnumerable<CostCap> agentPerHour = options.AgentPerHourMicros is { } limit
            ? [new CostCap($"agent-hour:{session.Agent}:{Text(utc, "yyyy-MM-ddTHH")}", limit)]
            : [];
        return
        [
            new CostCap(CostScopes.Session(session.Id), limits.MaxCostMicros),
            new CostCap($"user-day:{session.UserId}:{Text(utc, "yyyy-MM-dd")}", options.UserPerDayMicros),
            new CostCap($"user-month:{session.UserId}:{Text(utc, "yyyy-MM")}", options.UserPerMonthMicros),
            new CostCap($"agent-day:{session.Agent}:{Text(utc, "yyyy-MM-dd")}", options.AgentPerDayMicros),
            .. agentPerHour,
            new CostCap($"global-hour:{Text(utc, "yyyy-MM-ddTHH")}", options.GlobalPerHourMicros),
        ];
    }

    private static string Text(DateTime utc, string format) => utc.ToString(format, CultureInfo.InvariantCulture);
}
