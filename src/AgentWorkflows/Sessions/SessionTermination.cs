using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <param name="Rollback"><c>null</c> when none was asked for, or the session could not be ended.</param>
public sealed record TerminationOutcome(LifecycleOutcome Outcome, RollbackOutcome? Rollback);

/// <summary>
/// Ends a session and, where asked, takes back what it did: one command, recorded before anything is done and finished by whoever comes next. Thread-safe.
/// </summary>
public sealed class SessionTermination
{
    private const int AtOnce = 200;

    private readonly SessionEnds _ends;
    private readonly RollbackService _rollbacks;
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;

    internal SessionTermination(SessionEnds ends, RollbackService rollbacks, ISessionStore store, TimeProvider time)
    {
        _ends = ends;
        _rollbacks = rollbacks;
        _store = store;
        _time = time;
    }

    /// <summary>
    /// Ends the session without running any more of it. Asking again is safe: a session that was terminated before is not terminated twice, but a rollback that had not begun
    /// then begins.
    /// </summary>
    public async Task<TerminationOutcome> TerminateAsync(string sessionId, string? reason, bool rollBack, CancellationToken cancellationToken)
    {
        if (await _ends.FindAsync(sessionId, cancellationToken) is not { } session)
        {
            return new TerminationOutcome(await _ends.EndUnlistedAsync(sessionId, reason, cancellationToken), null);
        }
        if (session.Progress.Status.IsTerminal() && !session.Progress.EndedOutside)
        {
            return new TerminationOutcome(LifecycleOutcome.AlreadyFinished, null);
        }
        var ending = await _store.PutEndingAsync(new SessionEnding(sessionId, reason, rollBack, _time.GetUtcNow()), cancellationToken);
        var outcome = await _ends.EndAsync(ending, cancellationToken);
        if (outcome != LifecycleOutcome.Accepted)
        {
            await _store.RemoveEndingAsync(ending, cancellationToken);
            // A rollback of a session that had ended by itself: whoever asks to end it and take it back has what was wanted.
            return rollBack && outcome == LifecycleOutcome.AlreadyFinished
                && await _store.GetAsync(sessionId, cancellationToken) is { Progress.Status: SessionStatus.Compensating }
                ? new TerminationOutcome(LifecycleOutcome.Accepted, await _rollbacks.RollbackAsync(sessionId, reason, cancellationToken))
                : new TerminationOutcome(outcome, null);
        }
        var rollback = ending.RollBack ? await _rollbacks.RollbackAsync(sessionId, ending.Reason, cancellationToken) : null;
        await _ends.CloseAsync(ending, cancellationToken);
        return new TerminationOutcome(outcome, rollBack ? rollback : null);
    }

    /// <summary>Finishes what others have begun and died in; called at start and on a timer. One that cannot be finished does not hold up the others. Answers how many it looked at.</summary>
    public async Task<int> FinishOpenAsync(CancellationToken cancellationToken)
    {
        var endings = await _store.ListEndingsAsync(AtOnce, cancellationToken);
        var failures = new List<Exception>();
        foreach (var ending in endings)
        {
            try
            {
                await FinishAsync(ending, cancellationToken);
            }
#pragma warning disable CA1031 // The others are finished first; then the round fails with all of them.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(exception);
            }
        }
        return failures.Count == 0 ? endings.Count : throw new AggregateException("Sessions could not be ended.", failures);
    }

    private async Task FinishAsync(SessionEnding ending, CancellationToken cancellationToken)
    {
        if (await _ends.EndAsync(ending, cancellationToken) != LifecycleOutcome.Accepted)
        {
            await _store.RemoveEndingAsync(ending, cancellationToken);
            return;
        }
        // Once for each ending: one that remained incomplete is tried again when a person asks, not every half minute.
        if (ending.RollBack && await _ends.FindOwnRollbackAsync(ending.SessionId, cancellationToken) is null)
        {
            await _rollbacks.RollbackAsync(ending.SessionId, ending.Reason, cancellationToken);
        }
        await _ends.CloseAsync(ending, cancellationToken);
    }
}
