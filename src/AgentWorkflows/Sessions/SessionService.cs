using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Sessions;

/// <summary>Starting, reading and ending sessions: what every host's API and command line call. Thread-safe.</summary>
public sealed class SessionService(
    IOrchestrationClient orchestrations, ISessionStore store, IApprovalStore approvals, IAgentCatalog agents, TimeProvider time)
{
    /// <summary>Validates the request, keeps the agent's snapshot and starts the session's orchestration.</summary>
    public Task<StartSessionOutcome> StartAsync(StartSessionRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{orchestrations}{store}{approvals}{agents}{time}");

    public Task<SessionView?> GetAsync(string sessionId, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<TerminateOutcome> TerminateAsync(string sessionId, string? reason, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Completes when the session has ended; <c>null</c> when there is none of that id.</summary>
    public Task<SessionView?> WaitForEndAsync(string sessionId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
