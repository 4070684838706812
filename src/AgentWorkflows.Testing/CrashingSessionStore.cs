using System.Text.Json;
using AgentWorkflows.Record;

namespace AgentWorkflows.Testing;

/// <summary>A session store that crashes its caller before or after a write or a read of a document.</summary>
public sealed class CrashingSessionStore(ISessionStore inner, CrashPoints points) : ISessionStore
{
    public Task<bool> TryCreateAsync(SessionRecord session, CancellationToken cancellationToken) =>
        points.AroundAsync("create", () => inner.TryCreateAsync(session, cancellationToken));

    public Task<SessionRecord?> GetAsync(string sessionId, CancellationToken cancellationToken) => inner.GetAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task UpdateProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("progress", () => inner.UpdateProgressAsync(sessionId, progress, now, cancellationToken));

    public Task ShowProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("progress", () => inner.ShowProgressAsync(sessionId, progress, now, cancellationToken));

    public Task SetSuspendedAsync(string sessionId, bool suspended, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("suspended", () => inner.SetSuspendedAsync(sessionId, suspended, now, cancellationToken));

    public Task<bool> SetFeedbackAsync(string sessionId, SessionFeedback feedback, CancellationToken cancellationToken) =>
        points.AroundAsync("feedback", () => inner.SetFeedbackAsync(sessionId, feedback, cancellationToken));

    public Task<bool> TryReplaceProgressAsync(
        string sessionId, long expectedRevision, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("progress", () => inner.TryReplaceProgressAsync(sessionId, expectedRevision, progress, now, cancellationToken));

    public Task<SessionEnding> PutEndingAsync(SessionEnding ending, CancellationToken cancellationToken) =>
        points.AroundAsync("ending", () => inner.PutEndingAsync(ending, cancellationToken));

    public Task<IReadOnlyList<SessionEnding>> ListEndingsAsync(int limit, CancellationToken cancellationToken) => inner.ListEndingsAsync(limit, cancellationToken);

    public Task RemoveEndingAsync(SessionEnding ending, CancellationToken cancellationToken) =>
        points.AroundAsync("ended", () => inner.RemoveEndingAsync(ending, cancellationToken));

    public Task<JsonElement> PutDocumentAsync(DocumentKey key, JsonElement document, CancellationToken cancellationToken) =>
        points.AroundAsync($"document {key.Step}", () => inner.PutDocumentAsync(key, document, cancellationToken));

    public Task<JsonElement?> GetDocumentAsync(DocumentKey key, CancellationToken cancellationToken) =>
        points.AroundAsync($"reading {key.Step}", () => inner.GetDocumentAsync(key, cancellationToken));

    public Task<IReadOnlyList<SessionDocument>> ListDocumentsAsync(string sessionId, int throughTurn, CancellationToken cancellationToken) =>
        inner.ListDocumentsAsync(sessionId, throughTurn, cancellationToken);

    public Task AppendTimelineAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken) =>
        points.AroundAsync("timeline", () => inner.AppendTimelineAsync(entries, cancellationToken));

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(string sessionId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        inner.ListTimelineAsync(sessionId, afterSequence, limit, cancellationToken);

    public Task PutTouchAsync(ResourceTouch touch, CancellationToken cancellationToken) =>
        points.AroundAsync($"touch {touch.State}", () => inner.PutTouchAsync(touch, cancellationToken));

    public Task<IReadOnlyList<ResourceTouch>> ListTouchesAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken) =>
        points.AroundAsync("reading touches", () => inner.ListTouchesAfterAsync(resource, step, cancellationToken));

    public Task PutSnapshotAsync(string hash, JsonElement definition, CancellationToken cancellationToken) =>
        points.AroundAsync("snapshot", () => inner.PutSnapshotAsync(hash, definition, cancellationToken));

    public Task<JsonElement?> GetSnapshotAsync(string hash, CancellationToken cancellationToken) => inner.GetSnapshotAsync(hash, cancellationToken);
}
