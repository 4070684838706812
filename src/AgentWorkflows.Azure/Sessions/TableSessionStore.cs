using System.Security.Cryptography;
using System.Text.Json;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>Sessions on Table Storage: everything of a session is in one partition, so that what belongs together is written together.</summary>
internal sealed partial class TableSessionStore : ISessionStore
{
    private readonly TableClient _sessions;
    private readonly TableClient _snapshots;
    private readonly SessionLists _lists;
    private readonly SessionDocuments _documents;
    private readonly ResourceTouches _touches;
    private readonly SessionEndings _endings;
    private readonly TimeProvider _time;

    public TableSessionStore(StorageTables tables, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _sessions = tables.Sessions;
        _snapshots = tables.Snapshots;
        _lists = new SessionLists(tables.SessionLists);
        _documents = new SessionDocuments(tables.Sessions);
        _touches = new ResourceTouches(tables.Touches);
        _endings = new SessionEndings(tables.Endings);
        _time = time;
    }

    public async Task<bool> TryCreateAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await FindRowAsync(session.Id, cancellationToken) is not null)
        {
            return false;
        }
        // The lists first: a session that exists is always listed, and a row without its session is passed by.
        var listed = await _lists.TryAddAsync(session, cancellationToken);
        if (!await TryAddAsync(session, cancellationToken))
        {
            return false;
        }
        if (!listed)
        {
            await _lists.ReplaceAsync(session, cancellationToken);
        }
        return true;
    }

    public async Task<SessionRecord?> GetAsync(string sessionId, CancellationToken cancellationToken) =>
        await FindRowAsync(sessionId, cancellationToken) is { } row ? SessionRow.Read(row) : null;

    public async Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.PageSize is < 1 or > 500)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.PageSize, "PageSize must be 1 to 500.");
        }
        var page = new List<SessionRecord>(query.PageSize + 1);
        await foreach (var places in _lists.FindAsync(query, cancellationToken).Chunk(Math.Min(BoundedReads.AtOnce, query.PageSize + 1), cancellationToken))
        {
            var found = await Task.WhenAll(places.Select(place => FindAsync(place, cancellationToken)));
            page.AddRange(found.OfType<SessionRecord>().Where(session => Meets(session, query)));
            if (page.Count > query.PageSize)
            {
                page.RemoveRange(query.PageSize, page.Count - query.PageSize);
                return new SessionPage(page, SessionLists.CursorOf(page[^1]));
            }
        }
        return new SessionPage(page, null);
    }

    public async Task UpdateProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var (stored, changed) = await ChangeAsync(
            sessionId, session => session.Progress.Revision >= progress.Revision ? null : With(session, progress, now), cancellationToken);
        if (stored is not null && !changed)
        {
            // Whoever wrote this revision may have died before the lists had it.
            await _lists.SyncAsync(stored, cancellationToken);
        }
    }

    public async Task<bool> TryReplaceProgressAsync(
        string sessionId, long expectedRevision, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var (_, changed) = await ChangeAsync(
            sessionId, session => session.Progress.Revision == expectedRevision ? With(session, progress, now) : null, cancellationToken);
        return changed;
    }

    public Task SetSuspendedAsync(string sessionId, bool suspended, DateTimeOffset now, CancellationToken cancellationToken) => ChangeAsync(
        sessionId,
        session => session.Suspended == suspended || session.Progress.Status.IsTerminal() ? null : session with { Suspended = suspended, UpdatedAt = now },
        cancellationToken);

    public async Task<bool> SetFeedbackAsync(string sessionId, SessionFeedback feedback, CancellationToken cancellationToken)
    {
        var (session, _) = await ChangeAsync(sessionId, session => session with { Feedback = feedback }, cancellationToken);
        return session is not null;
    }

    public Task<SessionEnding> PutEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => _endings.PutAsync(ending, cancellationToken);

    public Task<IReadOnlyList<SessionEnding>> ListEndingsAsync(int limit, CancellationToken cancellationToken) => _endings.ListAsync(limit, cancellationToken);

    public Task RemoveEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => _endings.RemoveAsync(ending, cancellationToken);

    public Task<JsonElement> PutDocumentAsync(DocumentKey key, JsonElement document, CancellationToken cancellationToken) =>
        _documents.PutAsync(key, document, _time.GetUtcNow(), cancellationToken);

    public Task<JsonElement?> GetDocumentAsync(DocumentKey key, CancellationToken cancellationToken) => _documents.GetAsync(key, cancellationToken);

    public Task<IReadOnlyList<SessionDocument>> ListDocumentsAsync(string sessionId, int throughTurn, CancellationToken cancellationToken) =>
        _documents.ListAsync(sessionId, throughTurn, cancellationToken);

    public Task PutTouchAsync(ResourceTouch touch, CancellationToken cancellationToken) => _touches.PutAsync(touch, cancellationToken);

    public Task<IReadOnlyList<ResourceTouch>> ListTouchesAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken) =>
        _touches.ListAfterAsync(resource, step, cancellationToken);

    private static SessionRecord With(SessionRecord session, SessionProgress progress, DateTimeOffset now) => session with
    {
        Progress = progress with { Answer = progress.Answer ?? session.Progress.Answer },
        Suspended = session.Suspended && !progress.Status.IsTerminal(),
        UpdatedAt = now,
    };

    /// <summary>Changes the session as read, unless somebody else changed it meanwhile: then it is read again.</summary>
    /// <param name="change"><c>null</c> leaves the session as it is.</param>
    /// <returns>What is stored; <c>null</c> when there is no such session.</returns>
    private async Task<(SessionRecord? Stored, bool Changed)> ChangeAsync(
        string sessionId, Func<SessionRecord, SessionRecord?> change, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            if (await FindRowAsync(sessionId, cancellationToken) is not { } row)
            {
                return (null, false);
            }
            var stored = SessionRow.Read(row);
            if (change(stored) is not { } next)
            {
                return (stored, false);
            }
            try
            {
                await _sessions.UpdateEntityAsync(
                    SessionRow.Write(next, row.GetString(SessionRow.Creation)), row.ETag, TableUpdateMode.Replace, cancellationToken);
            }
            catch (RequestFailedException e) when (Conflict.Is(e))
            {
                continue;
            }
            if (next.Progress.Status != stored.Progress.Status)
            {
                await _lists.SyncAsync(next, cancellationToken);
            }
            return (next, true);
        }
        throw Conflict.TooMany($"Session '{sessionId}'");
    }

    private async Task<TableEntity?> FindRowAsync(string sessionId, CancellationToken cancellationToken)
    {
        var found = await _sessions.GetEntityIfExistsAsync<TableEntity>(SessionRow.PartitionOf(sessionId), SessionRow.Key, null, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private async Task<SessionRecord?> FindAsync(SessionPlace place, CancellationToken cancellationToken) =>
        await GetAsync(place.SessionId, cancellationToken) is { } session && session.CreatedAt.UtcTicks == place.CreatedAtTicks ? session : null;

    private static bool Meets(SessionRecord session, SessionQuery query) =>
        (query.Agent is null || query.Agent == session.Agent)
        && (query.UserId is null || query.UserId == session.UserId)
        && (query.TaskType is null || query.TaskType == session.TaskType)
        && (query.Statuses is not { Count: > 0 } statuses || statuses.Contains(session.ShownStatus));

    private async Task<bool> TryAddAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        var creation = RandomNumberGenerator.GetHexString(16, lowercase: true);
        try
        {
            await _sessions.AddEntityAsync(SessionRow.Write(session, creation), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (Conflict.Is(e))
        {
            // A repeated request whose first answer was lost conflicts with itself.
            return await FindRowAsync(session.Id, cancellationToken) is { } row && row.GetString(SessionRow.Creation) == creation;
        }
    }
}
