using Microsoft.DurableTask.Client;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// The Durable Task client of this host. Only the bindings of an invocation give one; the product's services live longer, so each invocation
/// leaves its client here. All clients of a host talk to the same task hub. Thread-safe.
/// </summary>
internal sealed class CurrentClient
{
    private volatile DurableTaskClient? _client;

    public DurableTaskClient Client => _client
        ?? throw new InvalidOperationException("No function with a durable client binding has run yet in this worker.");

    public void Use(DurableTaskClient client) => _client = client;
}
