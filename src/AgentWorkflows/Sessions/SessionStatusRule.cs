using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>Which status a session is shown with, given what it wrote itself and what the durable engine says of its instance. Pure.</summary>
internal static class SessionStatusRule
{
    /// <param name="isAsking">True while a request of the session waits for a decision: that, not the last step, is what waiting means.</param>
    public static (SessionStatus Status, SessionFailure? Failure) Of(SessionProgress progress, OrchestrationMetadata? instance, bool isAsking)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.Status.IsTerminal())
        {
            return (progress.Status, progress.Failure);
        }
        var shown = progress.Status is SessionStatus.Running or SessionStatus.AwaitingApproval
            ? isAsking ? SessionStatus.AwaitingApproval : SessionStatus.Running
            : progress.Status;
        return instance?.Status switch
        {
            OrchestrationStatus.Suspended => (SessionStatus.Suspended, progress.Failure),
            // A rollback on demand, and its questions, go on after the session's own orchestration was ended.
            OrchestrationStatus.Terminated when progress.Revision > SessionProgress.EndedOutsideRevision => (shown, progress.Failure),
            OrchestrationStatus.Terminated => (SessionStatus.Terminated, Terminated(instance.Failure?.Message)),
            OrchestrationStatus.Failed => (SessionStatus.Failed, Failed(instance)),
            _ => (shown, progress.Failure),
        };
    }

    /// <summary>What it does, or why it does nothing.</summary>
    public static string PhaseOf(SessionProgress progress, OrchestrationMetadata? instance)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return instance switch
        {
            { AwaitsNewerHost: true } => $"waits for a host of version {instance.Version}",
            null when !progress.Status.IsTerminal() => "lost: the engine does not know this session, so nothing goes on with it; end it",
            _ => progress.Phase,
        };
    }

    internal static SessionFailure Failed(OrchestrationMetadata instance) => SessionFailure.Redacted(
        FailureCategory.System, instance.Failure?.ErrorType ?? "unknown", instance.Failure?.Message ?? "The session's orchestration failed.");

    public static SessionFailure Terminated(string? reason) =>
        SessionFailure.Redacted(FailureCategory.System, "terminated", string.IsNullOrWhiteSpace(reason) ? "Terminated by an operator." : $"Terminated by an operator: {reason}");
}
