using AgentWorkflows.Approvals;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// Tells sessions of decisions where an engine runs in this process. Where none does, as for a command beside a server, nobody is told: whoever runs the engine on these
/// stores looks for new decisions by itself.
/// </summary>
internal sealed class EmbeddedDelivery(EmbeddedHost host, Func<IDecisionDelivery> toEngine) : IDecisionDelivery
{
    private readonly Lazy<IDecisionDelivery> _toEngine = new(toEngine);

    public Task<bool> DeliverAsync(UndeliveredDecision decision, CancellationToken cancellationToken) =>
        host.IsRunning ? _toEngine.Value.DeliverAsync(decision, cancellationToken) : Task.FromResult(false);
}
