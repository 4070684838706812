using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What a session had cost at some age of it.</summary>
internal sealed record SpendSample(TimeSpan Age, Micros CostMicros);

/// <summary>
/// How fast a session spends, in micro-USD per hour over the last hour. The window has a minimum length, so that the first call of a session does not read as thousands
/// of dollars an hour. Pure.
/// </summary>
internal static class BurnRate
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    public static readonly TimeSpan MinWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(2);

    /// <summary>Adds a sample: one per two minutes at most, none older than the window needs.</summary>
    public static IReadOnlyList<SpendSample> Add(IReadOnlyList<SpendSample> samples, TimeSpan age, Micros costMicros)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var kept = samples.Count > 0 && age - samples[^1].Age < Grain ? samples : [.. samples, new SpendSample(age, costMicros)];
        var first = kept.Count - 1;
        while (first > 0 && kept[first].Age > age - Window)
        {
            first--;
        }
        return first <= 0 ? kept : [.. kept.Skip(first)];
    }

    public static Micros MicrosPerHour(IReadOnlyList<SpendSample> samples, TimeSpan age, Micros costMicros)
    {
        ArgumentNullException.ThrowIfNull(samples);
        // What was spent before the first sample was spent since the start.
        var from = samples.LastOrDefault(sample => sample.Age <= age - Window) ?? new SpendSample(TimeSpan.Zero, 0);
        var window = age - from.Age < MinWindow ? MinWindow : age - from.Age;
        return (long)((costMicros - from.CostMicros).Value * (decimal)TimeSpan.TicksPerHour / window.Ticks);
    }
}
