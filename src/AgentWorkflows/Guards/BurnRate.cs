namespace AgentWorkflows.Guards;

/// <summary>What a session had cost at an age, people's time not counted.</summary>
public sealed record SpendPoint(TimeSpan Age, long CostMicros);

/// <summary>
/// How fast a session spends: micro-USD in the sliding window, over the time it took, but never less than the minimum, so that the first call of a session does
/// not read as thousands of dollars an hour. Pure.
/// </summary>
public static class BurnRate
{
    /// <summary>How many points the window keeps: it is exact to this part of it.</summary>
    private const int Points = 15;

    /// <summary>Remembers what the session has cost by now. Bounded, however often it is called.</summary>
    public static IReadOnlyList<SpendPoint> Note(IReadOnlyList<SpendPoint> points, SessionLimits limits, TimeSpan age, long costMicros)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(limits);
        var now = new SpendPoint(age, costMicros);
        if (points is [.., var last] && age - last.Age < limits.BurnWindow / Points)
        {
            return points;
        }
        // The newest point from before the window is what the window's spending is counted from.
        var outside = points.TakeWhile(point => age - point.Age >= limits.BurnWindow).Count();
        return [.. points.Skip(Math.Max(0, outside - 1)), now];
    }

    /// <returns>Micro-USD an hour.</returns>
    public static long PerHour(IReadOnlyList<SpendPoint> points, SessionLimits limits, TimeSpan age, long costMicros)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(limits);
        var from = points.LastOrDefault(point => age - point.Age >= limits.BurnWindow) ?? (points is [var first, ..] ? first : new SpendPoint(TimeSpan.Zero, 0));
        var took = TimeSpan.FromTicks(Math.Max((age - from.Age).Ticks, limits.BurnMinWindow.Ticks));
        return (long)((Int128)(costMicros - from.CostMicros) * TimeSpan.TicksPerHour / took.Ticks);
    }
}
