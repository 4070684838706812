using System.Text.Json;
using AgentWorkflows.Record;

namespace AgentWorkflows.TestSupport;

/// <summary>A session store that keeps agent snapshots in memory, and nothing else. Counts reads.</summary>
public sealed class SnapshotStore : ISessionStore
{
    private readonly Dictionary<string, string> _snapshots = [];

    public int Reads { get; private set; }

    public Task PutSnapshotAsync(string hash, JsonElement definition, CancellationToken cancellationToken)
    {
        _snapshots[hash] = definition.GetRawText();
        return Task.CompletedTask;
    }

    public Task<JsonElement?> GetSnapshotAsync(string hash, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(_snapshots.TryGetValue(hash, out var text) ? JsonSerializer.Deserialize<JsonElement>(text) : (JsonElement?)null);
    }

    public Task<bool> TryCreateAsync(SessionRecord session, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionRecord?> GetAsync(string sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task UpdateProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetSuspendedAsync(string sessionId, bool suspended, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> SetFeedbackAsync(string sessionId, SessionFeedback feedback, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryReplaceProgressAsync(
        string sessionId, long expectedRevision, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionEnding> PutEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SessionEnding>> ListEndingsAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<JsonElement> PutDocumentAsync(DocumentKey key, JsonElement document, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<JsonElement?> GetDocumentAsync(DocumentKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SessionDocument>> ListDocumentsAsync(string sessionId, int throughTurn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AppendTimelineAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(string sessionId, long afterSequence, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutTouchAsync(ResourceTouch touch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ResourceTouch>> ListTouchesAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
