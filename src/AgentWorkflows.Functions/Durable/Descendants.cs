using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// The sub-orchestrations of an instance, and theirs, from their histories. Durable Task's own recursive commands are not honoured by every
/// storage provider, so they are not relied on.
/// </summary>
internal static class Descendants
{
    private const int MaxDepth = 10;

    /// <summary>Finished ones too; the innermost first.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await AddAsync(client, instanceId, found, 1, cancellationToken);
        return found;
    }

    private static async Task AddAsync(DurableTaskClient client, string instanceId, List<string> found, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            return;
        }
        foreach (var child in (await HistoryAsync(client, instanceId, cancellationToken)).OfType<SubOrchestrationInstanceCreatedEvent>().Select(created => created.InstanceId).ToList())
        {
            if (!found.Contains(child))
            {
                await AddAsync(client, child, found, depth + 1, cancellationToken);
                found.Add(child);
            }
        }
    }

    private static async Task<IEnumerable<HistoryEvent>> HistoryAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetOrchestrationHistoryAsync(instanceId, cancellationToken);
        }
        catch (NotSupportedException)
        {
            // An older extension hands no histories out. Its instance itself can still be ended.
            return [];
        }
    }
}
