namespace AgentWorkflows.Operations.Retention;

/// <summary>Forgets what the session store and the approval store keep. Everything is idempotent, and durable when it returns. Thread-safe.</summary>
public interface IRetentionStore
{
    /// <summary>
    /// Forgets a session that has ended and has not changed since <paramref name="unchangedSince"/>: its documents and its timeline first, the
    /// session itself last, so that one whose process died half way is still listed and is taken up again. False: it goes on, has changed, or there
    /// is none; nothing changed.
    /// </summary>
    Task<bool> RemoveSessionAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the documents (plans, arguments, results, transcripts) of a session that has ended and has not changed since <paramref
    /// name="unchangedSince"/>; its record and its timeline stay. False: there were none, or as in <see cref="RemoveSessionAsync"/>.
    /// </summary>
    Task<bool> RemoveDocumentsAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets which steps worked on which resource, as noted before a time; at most <paramref name="limit"/> (1 to 1,000). Answers how many; fewer
    /// than the limit: all.
    /// </summary>
    Task<int> PurgeTouchesAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets requests made before a time that are decided and whose session has been told; at most <paramref name="limit"/> (1 to 1,000). The
    /// caller keeps the time older than any session that may go on. Answers how many; fewer than the limit: all.
    /// </summary>
    Task<int> PurgeApprovalsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
