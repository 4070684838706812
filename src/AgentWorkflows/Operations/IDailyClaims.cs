namespace AgentWorkflows.Operations;

/// <summary>
/// Who does what is due once a day, among all processes on the same stores. What it answers is durable. Thread-safe.
/// <para>A claim that is neither completed nor renewed ends by itself, so that work whose process died is done by another one: at least once, and by one at a time
/// as long as it takes no longer than it is held.</para>
/// </summary>
public interface IDailyClaims
{
    /// <summary>
    /// Takes a day's work unless it is done, or held by a claim that lasts longer than <paramref name="now"/>. Of two callers at once one is answered
    /// <see cref="DailyClaim.Taken"/>.
    /// </summary>
    /// <param name="work">1 to 100 letters, digits, <c>. _ : -</c>.</param>
    Task<DailyClaim> TryTakeAsync(string work, DateOnly day, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Notes that it is done. Idempotent; whoever holds it.</summary>
    Task CompleteAsync(string work, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Whose a piece of daily work is.</summary>
public enum DailyClaim
{
    Taken,

    /// <summary>Somebody else is at it.</summary>
    Held,
    Done,
}
