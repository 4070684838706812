using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Workflow;

namespace AgentWorkflows.Sessions;

/// <summary>Looking closely at one session, now or at an earlier turn. Changes nothing. Thread-safe.</summary>
internal sealed class SessionInspector(ISessionStore store, AgentSnapshots snapshots, IOrchestrationClient orchestrations)
{
    private const int TimelinePage = 1000;

    public async Task<SessionTranscript> TranscriptAsync(string sessionId, int throughTurn, CancellationToken cancellationToken) =>
        TranscriptReader.Read(await store.ListDocumentsAsync(sessionId, throughTurn, cancellationToken));

    /// <returns><c>null</c> when the session has not reached that turn.</returns>
    public async Task<TurnState?> StateAtAsync(SessionRecord session, int turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (turn > session.Progress.Turn)
        {
            return null;
        }
        var timeline = new List<TimelineEntry>();
        IReadOnlyList<TimelineEntry> page;
        do
        {
            page = await store.ListTimelineAsync(session.Id, timeline.Count == 0 ? 0 : timeline[^1].Sequence, TimelinePage, cancellationToken);
            timeline.AddRange(page);
        }
        while (page.Count == TimelinePage);
        return TurnStates.Of(session, timeline, await TranscriptAsync(session.Id, turn, cancellationToken), turn);
    }

    /// <summary>The limits the session runs under: its orchestration's, or, where that is purged, those of its snapshot (a request may have lowered them).</summary>
    public async Task<SessionLimits> LimitsAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var instance = await orchestrations.GetInstanceAsync(session.Id, getInputsAndOutputs: true, cancellationToken);
        if (instance?.ReadInputAs<SessionInput>() is { } input)
        {
            return input.Limits;
        }
        return (await snapshots.GetAsync(session.SnapshotHash, cancellationToken))?.Limits ?? new SessionLimits();
    }
}
