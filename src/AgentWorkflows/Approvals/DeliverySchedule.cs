namespace AgentWorkflows.Approvals;

/// <summary>How often a session was told of a decision, and when it is told again unless it has acted on it by then.</summary>
public sealed record DecisionTold(int Times, DateTimeOffset NextAt);

/// <param name="Times">How often its session was told.</param>
public sealed record UndeliveredDecision(ApprovalRequest Request, int Times);

/// <summary>
/// When a session is told of a decision again. An engine keeps an event that it has taken, so telling again is for what a crash kept from being sent: soon at first, then
/// ever more seldom, because each time is another event in the history of a session that may be busy for hours. Pure.
/// </summary>
internal static class DeliverySchedule
{
    /// <summary>From the first time to the second; five times as long from each to the next.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    private const int Factor = 5;

    /// <param name="before">How often the session was told before.</param>
    public static DecisionTold Tell(int before, DateTimeOffset now) => new(before + 1, now + DelayAfter(before + 1));

    /// <summary>For a session that is not told now because it is held: it would keep the event, but not act on it.</summary>
    public static DecisionTold PutOff(int before, DateTimeOffset now) => new(before, now + DelayAfter(before));

    private static TimeSpan DelayAfter(int times)
    {
        var delay = First;
        for (var i = 1; i < times && delay < Longest; i++)
        {
            delay *= Factor;
        }
        return delay < Longest ? delay : Longest;
    }
}
