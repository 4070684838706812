using AgentWorkflows.Durability;
using Microsoft.DurableTask.Client;
using Metadata = AgentWorkflows.Durability.OrchestrationMetadata;
using Query = AgentWorkflows.Durability.OrchestrationQuery;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// Pages of instances, in the order of Durable Task's storage and with its own continuation tokens. It knows no filter by name, and a page of it may be empty though
/// more follow: then the next is read, a bounded number of times.
/// </summary>
internal static class InstanceQuery
{
    /// <summary>What one call may cost at most.</summary>
    internal const int MaxRequests = 10;

    public static async Task<OrchestrationPage> RunAsync(DurableTaskClient client, Query query, string? hostVersion, CancellationToken cancellationToken)
    {
        if (query.PageSize is < 1 or > Query.MaxPageSize)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.PageSize, $"PageSize must be 1 to {Query.MaxPageSize}.");
        }
        var found = new List<Metadata>();
        var token = query.ContinuationToken;
        for (var request = 0; request < MaxRequests && found.Count == 0; request++)
        {
            var page = await ReadAsync(client, query, token, cancellationToken);
            token = page?.ContinuationToken;
            found.AddRange((page?.Values ?? []).Select(instance => InstanceView.Of(instance, withPayloads: false, hostVersion)).Where(view => Meets(query, view)));
            if (string.IsNullOrEmpty(token))
            {
                return new OrchestrationPage(found, null);
            }
        }
        return new OrchestrationPage(found, token);
    }

    private static async Task<Microsoft.DurableTask.Page<Microsoft.DurableTask.Client.OrchestrationMetadata>?> ReadAsync(
        DurableTaskClient client, Query query, string? token, CancellationToken cancellationToken)
    {
        await foreach (var page in client.GetAllInstancesAsync(FilterOf(query)).AsPages(token, query.PageSize).WithCancellation(cancellationToken))
        {
            return page;
        }
        return null;
    }

    // A status can change between the store's answer and this one, and not every store filters.
    private static bool Meets(Query query, Metadata view) =>
        (query.Name is null || query.Name == view.Name)
        && (query.Statuses is not { Count: > 0 } statuses || statuses.Contains(view.Status))
        && (query.InstanceIdPrefix is null || view.InstanceId.StartsWith(query.InstanceIdPrefix, StringComparison.Ordinal))
        && (query.CreatedFrom is not { } from || view.CreatedAt >= from)
        && (query.CreatedTo is not { } to || view.CreatedAt <= to);

    private static Microsoft.DurableTask.Client.OrchestrationQuery FilterOf(Query query) => new()
    {
        CreatedFrom = query.CreatedFrom,
        CreatedTo = query.CreatedTo,
        InstanceIdPrefix = query.InstanceIdPrefix,
        Statuses = query.Statuses is { Count: > 0 } statuses ? [.. statuses.Select(InstanceView.StatusOf)] : null,
        PageSize = query.PageSize,
    };
}
