using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>How old a session is for its limit: the time people take to decide does not count. Pure.</summary>
internal static class SessionAge
{
    public static TimeSpan Of(SessionRecord session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var progress = session.Progress;
        var until = progress.WaitingSince ?? (progress.Status.IsTerminal() ? session.UpdatedAt : now);
        var age = until - session.CreatedAt - (progress.Waited ?? TimeSpan.Zero);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
