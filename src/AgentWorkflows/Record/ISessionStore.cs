using System.Text.Json;
using AgentWorkflows.Compensation;
using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>
/// What sessions know beyond the small state in history: the session itself for lists, large documents, the timeline and agent snapshots.
/// Every write is idempotent and durable when it returns. Thread-safe.
/// </summary>
public interface ISessionStore
{
    /// <summary>Writes the session unless its id exists. False: it exists, and nothing changed.</summary>
    Task<bool> TryCreateAsync(SessionRecord session, CancellationToken cancellationToken);

    Task<SessionRecord?> GetAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Newest first, by keyset; sessions of the same time by id, descending.</summary>
    /// <exception cref="FormatException">The cursor is not one this list has given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The page size is not 1 to 500.</exception>
    Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the session's progress when <see cref="SessionProgress.Revision"/> is higher than the stored one; an older or equal revision changes nothing,
    /// so that a step that runs again after a crash cannot set the session back. A progress without an answer keeps the stored one.
    /// </summary>
    Task UpdateProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="UpdateProgressAsync"/>, for a caller that goes on to write: a store may put it off until the caller's next write, and then makes both durable at
    /// once or this one first. Until then it is not seen.
    /// </summary>
    Task ShowProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        UpdateProgressAsync(sessionId, progress, now, cancellationToken);

    /// <summary>
    /// Notes whether the session is held, for lists. A session that has ended is not held: its end clears the note, and nothing sets it afterwards.
    /// </summary>
    Task SetSuspendedAsync(string sessionId, bool suspended, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps what a person thinks of the session; a later one replaces it. False: there is no such session.</summary>
    Task<bool> SetFeedbackAsync(string sessionId, SessionFeedback feedback, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the session's progress when the stored revision is still the expected one: nothing a step wrote meanwhile is lost. False: it is another, or there is no
    /// such session, and nothing changed.
    /// </summary>
    Task<bool> TryReplaceProgressAsync(
        string sessionId, long expectedRevision, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Records that a session is to be ended. Where that is recorded already, the first reason and time stay, and a rollback that was asked for stays asked for. Answers what
    /// is stored.
    /// </summary>
    Task<SessionEnding> PutEndingAsync(SessionEnding ending, CancellationToken cancellationToken);

    /// <summary>What is recorded and not finished, in no particular order; at most <paramref name="limit"/>, 1 to 1,000.</summary>
    Task<IReadOnlyList<SessionEnding>> ListEndingsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Forgets a finished ending, unless a rollback was asked for since. Idempotent.</summary>
    Task RemoveEndingAsync(SessionEnding ending, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a document under (session, turn, step) unless there is one; answers what is stored (the first write wins), so that a step that runs again finds what it decided before.
    /// </summary>
    /// <exception cref="ArgumentException">The document has more than 4 MiB as UTF-8; nothing was written.</exception>
    Task<JsonElement> PutDocumentAsync(DocumentKey key, JsonElement document, CancellationToken cancellationToken);

    Task<JsonElement?> GetDocumentAsync(DocumentKey key, CancellationToken cancellationToken);

    /// <summary>All documents of a session up to and including a turn, ordered by turn, then by the order in which they were written.</summary>
    Task<IReadOnlyList<SessionDocument>> ListDocumentsAsync(string sessionId, int throughTurn, CancellationToken cancellationToken);

    /// <summary>Adds entries, each unless its (session, key) exists; kept in the order in which they were added.</summary>
    Task AppendTimelineAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken);

    /// <param name="afterSequence">Entries with a higher sequence; 0 for all.</param>
    Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(string sessionId, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that a step works on a resource, or what became of it. The first note of a (session, turn, step) fixes its place in the order of all touches of the resource;
    /// later ones change its state only.
    /// </summary>
    Task PutTouchAsync(ResourceTouch touch, CancellationToken cancellationToken);

    /// <summary>
    /// What other sessions did to a resource after a step's own touch, oldest first, without what had no effect or was undone; at most 20. Empty when the step has no touch.
    /// </summary>
    Task<IReadOnlyList<ResourceTouch>> ListTouchesAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken);

    /// <summary>Keeps an agent's definition under the hash of its content.</summary>
    Task PutSnapshotAsync(string hash, JsonElement definition, CancellationToken cancellationToken);

    Task<JsonElement?> GetSnapshotAsync(string hash, CancellationToken cancellationToken);
}

/// <param name="Step">Such as <c>plan</c>, <c>arguments:refund</c>, <c>result:refund</c>.</param>
public sealed record DocumentKey(string SessionId, int Turn, string Step);

/// <summary>A document as it was written, which is once.</summary>
public sealed record SessionDocument(DocumentKey Key, JsonElement Content, DateTimeOffset WrittenAt);

/// <param name="Resource">The contract's resource argument and its value, such as <c>order_id=1042</c>.</param>
public sealed record ResourceTouch(string Resource, string SessionId, int Turn, string StepId, string Tool, TouchState State, DateTimeOffset At);

/// <summary>Whether a change of a resource took effect.</summary>
public enum TouchState
{
    /// <summary>Under way, or cut off: it may have taken effect.</summary>
    Unknown,
    Done,
    NotDone,
    Undone,
}

/// <summary>One session as lists and the API show it.</summary>
public sealed record SessionRecord
{
    public required string Id { get; init; }

    public required string Agent { get; init; }

    public required string AgentVersion { get; init; }

    public required string SnapshotHash { get; init; }

    public required string Goal { get; init; }

    public required string TaskType { get; init; }

    public required string UserId { get; init; }

    public required JsonElement Context { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public SessionProgress Progress { get; init; } = new();

    /// <summary>The session whose recorded turns this one started from; <c>null</c> for a session that started at its goal. Never changes.</summary>
    public ForkSource? ForkedFrom { get; init; }

    /// <summary>See <see cref="ISessionStore.SetSuspendedAsync"/>; not part of <see cref="Progress"/>, which only the session's own steps write.</summary>
    public bool Suspended { get; init; }

    public SessionFeedback? Feedback { get; init; }

    /// <summary>What lists show.</summary>
    public SessionStatus ShownStatus => Suspended && !Progress.Status.IsTerminal() ? SessionStatus.Suspended : Progress.Status;
}

/// <param name="Turn">The last turn whose recorded plan and results were taken over; 0: only goal, context and snapshot.</param>
public sealed record ForkSource(string SessionId, int Turn);

/// <summary>A thumb up or down.</summary>
public enum FeedbackRating
{
    Good,
    Bad,
}

/// <summary>What a person thinks of what a session did.</summary>
public sealed record SessionFeedback(FeedbackRating Rating, string? Comment, string By, DateTimeOffset At)
{
    public const int MaxCommentLength = 2000;
}

/// <summary>The part of a session that changes while it runs.</summary>
public sealed record SessionProgress
{
    /// <summary>Of a session that was ended from outside its own code: above every revision a step of it can have, so that one still running does not bring it back.</summary>
    internal const long EndedOutsideRevision = long.MaxValue / 2;

    /// <summary>True of sessions that were ended by a person, whatever was taken back since.</summary>
    internal bool EndedOutside => Revision >= EndedOutsideRevision;

    /// <summary>Counts the steps of the session; see <see cref="ISessionStore.UpdateProgressAsync"/>.</summary>
    public long Revision { get; init; }

    public SessionStatus Status { get; init; } = SessionStatus.Pending;

    /// <summary>What it does right now: <c>plan</c>, <c>gate</c>, <c>approval</c>, <c>act</c>, <c>observe</c>, <c>compensate</c>, <c>done</c>.</summary>
    public string Phase { get; init; } = "";

    public int Turn { get; init; }

    public int ToolCalls { get; init; }

    public Micros CostMicros { get; init; }

    public int Tokens { get; init; }

    public string? Answer { get; init; }

    public SessionFailure? Failure { get; init; }

    public IReadOnlyList<CompensationEntry> Compensations { get; init; } = [];

    /// <summary>For people, all waits that are over; <c>null</c>: there was none.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>While a person is asked; kept by a session that is ended meanwhile.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}

/// <summary>Which sessions to list. What is not given restricts nothing.</summary>
public sealed record SessionQuery
{
    /// <summary>As shown: a held session is <see cref="SessionStatus.Suspended"/> and nothing else.</summary>
    public IReadOnlyCollection<SessionStatus>? Statuses { get; init; }

    public string? Agent { get; init; }

    public string? UserId { get; init; }

    public string? TaskType { get; init; }

    /// <summary>Only sessions created before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>1 to 500, default 50.</summary>
    public int PageSize { get; init; } = 50;

    public string? Cursor { get; init; }
}

/// <summary>A part of a list of sessions. Without a cursor it is the last part.</summary>
public sealed record SessionPage(IReadOnlyList<SessionRecord> Sessions, string? Cursor);

/// <summary>One thing that happened, for people.</summary>
public sealed record TimelineEntry
{
    public required string SessionId { get; init; }

    /// <summary>Unique in the session, from history, such as <c>3/act/refund/1</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Given by the store when added; rising within a session.</summary>
    public long Sequence { get; init; }

    public required int Turn { get; init; }

    public required TimelineKind Kind { get; init; }

    /// <summary>One line for a person.</summary>
    public required string Title { get; init; }

    /// <summary>Such as <c>succeeded</c>, <c>refused</c>, <c>approved</c>, <c>failed</c>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public TimeSpan? Duration { get; init; }

    public string? Tool { get; init; }

    public string? StepId { get; init; }

    public Micros CostMicros { get; init; }

    public int Tokens { get; init; }

    /// <summary>Redacted facts, such as arguments and advice.</summary>
    public JsonElement? Detail { get; init; }
}

/// <summary>Which part of a turn an entry tells of.</summary>
public enum TimelineKind
{
    Session,
    Guard,
    Plan,
    Gate,
    Approval,
    Act,
    Observe,
    Compensation,
    Outcome,
}
