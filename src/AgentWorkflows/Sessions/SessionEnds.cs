using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Sessions;

/// <summary>
/// Ends of sessions that come from outside their own code, in engine, record, approvals and ledger. Everything is safe to repeat and to do twice at once: the engine is told
/// first, then the record says so, then what still waits is withdrawn. Of two ends the first in the record stays. Thread-safe.
/// </summary>
internal sealed class SessionEnds(
    IOrchestrationClient orchestrations, ISessionStore store, IApprovalStore approvals, ICostLedger ledger, TimeProvider time, Instruments telemetry)
{
    /// <summary>A step that ran when its session was ended reserves its money within this time, or not at all.</summary>
    internal static readonly TimeSpan LastReservation = TimeSpan.FromMinutes(1);

    /// <summary>The session; one that was started by a process that died before it listed it is listed now.</summary>
    public async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(sessionId, cancellationToken) is { } session)
        {
            return session;
        }
        var instance = await orchestrations.GetInstanceAsync(sessionId, getInputsAndOutputs: true, cancellationToken);
        if (instance is null || instance.Name != SessionSteps.Session.Value || instance.ReadInputAs<SessionInput>() is not { Opening: { } opening } input)
        {
            return null;
        }
        await store.TryCreateAsync(OpenSessionActivity.RecordOf(input.Session, opening, input.StartedAt), cancellationToken);
        return await store.GetAsync(sessionId, cancellationToken);
    }

    /// <summary>Writes down the end of a session whose orchestration was terminated or failed, where its record does not have it yet.</summary>
    internal async Task<SessionRecord> SettleAsync(SessionRecord session, OrchestrationMetadata? instance, CancellationToken cancellationToken)
    {
        if (HasEnd(session))
        {
            return session;
        }
        return instance?.Status switch
        {
            OrchestrationStatus.Terminated => await WriteEndAsync(
                session, SessionStatus.Terminated, SessionStatusRule.Terminated(instance.Failure?.Message), cancellationToken),
            OrchestrationStatus.Failed when await FindRollbackAsync(session.Id, cancellationToken) is null => await WriteEndAsync(session, SessionStatus.Failed, SessionStatusRule.Failed(instance), cancellationToken),
            _ => session,
        };
    }

    /// <summary>For a session that only the engine knows, and not how it began: the files are of different moments.</summary>
    internal async Task<LifecycleOutcome> EndUnlistedAsync(string sessionId, string? reason, CancellationToken cancellationToken)
    {
        var instance = await orchestrations.GetInstanceAsync(sessionId, false, cancellationToken);
        if (instance is null || instance.Name != SessionSteps.Session.Value)
        {
            return LifecycleOutcome.NotFound;
        }
        return await orchestrations.TerminateInstanceAsync(sessionId, reason, cancellationToken) == CommandOutcome.Accepted
            ? LifecycleOutcome.Accepted
            : LifecycleOutcome.AlreadyFinished;
    }

    /// <returns><see cref="LifecycleOutcome.AlreadyFinished"/> when the session ended by itself, or failed, before it could be ended.</returns>
    internal async Task<LifecycleOutcome> EndAsync(SessionEnding ending, CancellationToken cancellationToken)
    {
        var told = await orchestrations.TerminateInstanceAsync(ending.SessionId, ending.Reason, cancellationToken);
        if (await FindAsync(ending.SessionId, cancellationToken) is not { } session)
        {
            return LifecycleOutcome.NotFound;
        }
        if (told == CommandOutcome.AlreadyFinished)
        {
            var instance = await orchestrations.GetInstanceAsync(ending.SessionId, false, cancellationToken);
            if (instance?.Status == OrchestrationStatus.Failed)
            {
                session = await SettleAsync(session, instance, cancellationToken);
            }
            else if (instance?.Status == OrchestrationStatus.Completed && await FindRollbackAsync(ending.SessionId, cancellationToken) is not null)
            {
                return LifecycleOutcome.AlreadyFinished;
            }
        }
        // Also when the engine does not know the session, or thinks that it has completed: a record that no engine will ever go on with can be ended by a person.
        session = await WriteEndAsync(session, SessionStatus.Terminated, SessionStatusRule.Terminated(ending.Reason), cancellationToken);
        await approvals.WithdrawAllAsync(session.Id, time.GetUtcNow(), cancellationToken, session.Id);
        return session.Progress.EndedOutside ? LifecycleOutcome.Accepted : LifecycleOutcome.AlreadyFinished;
    }

    /// <summary>
    /// Forgets a finished ending, once the session's cost is what its ledger says: steps that ran when it was ended may still be charged. Until then it stays for
    /// whoever comes next.
    /// </summary>
    internal async Task CloseAsync(SessionEnding ending, CancellationToken cancellationToken)
    {
        var entries = await ledger.ListAsync(ending.SessionId, cancellationToken);
        if (time.GetUtcNow() - ending.AskedAt < LastReservation || entries.Any(entry => entry.Status == LedgerEntryStatus.Reserved))
        {
            return;
        }
        while (await store.GetAsync(ending.SessionId, cancellationToken) is { } session)
        {
            if (!session.Progress.Status.IsTerminal())
            {
                return;
            }
            var charged = session.Progress with { CostMicros = Spent(entries) };
            if (charged.CostMicros <= session.Progress.CostMicros
                || await store.TryReplaceProgressAsync(session.Id, session.Progress.Revision, charged, session.UpdatedAt, cancellationToken))
            {
                break;
            }
        }
        await store.RemoveEndingAsync(ending, cancellationToken);
    }

    /// <summary>A rollback that waits for a person, or for its next step.</summary>
    internal async Task<string?> FindRollbackAsync(string sessionId, CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = AgentRollbackOrchestrator.InstanceIdPrefix(sessionId),
            Statuses = [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended],
            PageSize = 1,
        };
        await foreach (var running in orchestrations.QueryAllInstancesAsync(query, cancellationToken))
        {
            return running.InstanceId;
        }
        return null;
    }

    /// <summary>The rollback that an ending asked for; <c>null</c> when it was not started.</summary>
    internal async Task<string?> FindOwnRollbackAsync(string sessionId, CancellationToken cancellationToken) =>
        (await orchestrations.GetInstanceAsync(
            AgentRollbackOrchestrator.InstanceId(sessionId, SessionProgress.EndedOutsideRevision), false, cancellationToken))?.InstanceId;

    private static bool HasEnd(SessionRecord session) => session.Progress.Status.IsTerminal() || session.Progress.EndedOutside;

    /// <summary>An action that began meanwhile has registered its compensation in the progress: it must be among those that a rollback finds.</summary>
    private async Task<SessionRecord> WriteEndAsync(SessionRecord session, SessionStatus status, SessionFailure failure, CancellationToken cancellationToken)
    {
        while (!HasEnd(session))
        {
            var spent = Spent(await ledger.ListAsync(session.Id, cancellationToken));
            var ended = session.Progress with
            {
                // One whose code and history differed may be resumed by a newer host: its next step is later than this.
                Revision = status == SessionStatus.Failed ? session.Progress.Revision : SessionProgress.EndedOutsideRevision,
                Status = status,
                Phase = "done",
                Failure = failure,
                CostMicros = Micros.Max(session.Progress.CostMicros, spent),
            };
            var now = time.GetUtcNow();
            if (await store.TryReplaceProgressAsync(session.Id, session.Progress.Revision, ended, now, cancellationToken))
            {
                var reference = new SessionRef(session.Id, session.Agent, session.SnapshotHash, session.UserId, session.TaskType);
                telemetry.SessionEnded(new StepContext(reference, ended.Turn, ended), ended.Failure, session.CreatedAt, now);
                return session with { Progress = ended, Suspended = false, UpdatedAt = now };
            }
            if (await store.GetAsync(session.Id, cancellationToken) is not { } changed)
            {
                return session;
            }
            session = changed;
        }
        return session;
    }

    private static Micros Spent(IReadOnlyList<LedgerEntry> entries) => entries.Sum(entry => entry.CostMicros);
}
