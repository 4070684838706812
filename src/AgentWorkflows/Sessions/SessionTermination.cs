using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <param name="Rollback"><c>null</c> when none was asked for, or the session could not be ended.</param>
public sealed record TerminationOutcome(LifecycleOutcome Outcome, RollbackOutcome? Rollback);

/// <summary>Ends a session and, where asked, takes back what it did. Thread-safe.</summary>
public sealed class SessionTermination(SessionService sessions, RollbackService rollbacks)
{
    /// <summary>
    /// Asking again is safe: a session that was terminated before is not terminated twice, but a rollback that had not begun then begins.
    /// </summary>
    public async Task<TerminationOutcome> TerminateAsync(string sessionId, string? reason, bool rollBack, CancellationToken cancellationToken)
    {
        var outcome = await sessions.TerminateAsync(sessionId, reason, cancellationToken);
        if (!rollBack || outcome == LifecycleOutcome.NotFound)
        {
            return new TerminationOutcome(outcome, null);
        }
        var repeated = outcome == LifecycleOutcome.AlreadyFinished
            && await sessions.GetAsync(sessionId, cancellationToken) is { Status: SessionStatus.Terminated or SessionStatus.Compensating };
        return outcome == LifecycleOutcome.Accepted || repeated
            ? new TerminationOutcome(LifecycleOutcome.Accepted, await rollbacks.RollbackAsync(sessionId, reason, cancellationToken))
            : new TerminationOutcome(outcome, null);
    }
}
