using System.Globalization;
using AgentWorkflows.Durability;
using Microsoft.DurableTask.Client;
using Metadata = AgentWorkflows.Durability.OrchestrationMetadata;
using Query = AgentWorkflows.Durability.OrchestrationQuery;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// Pages of instances, newest first. Durable Task lists them in the order of its storage and knows no filter by name, so all instances that meet the rest
/// of the query are read for each page: this is for operators and probes; the product lists its sessions from its own store.
/// </summary>
internal static class InstanceQuery
{
    public static async Task<OrchestrationPage> RunAsync(DurableTaskClient client, Query query, CancellationToken cancellationToken)
    {
        if (query.PageSize is < 1 or > Query.MaxPageSize)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.PageSize, $"PageSize must be 1 to {Query.MaxPageSize}.");
        }
        var after = query.ContinuationToken is { } token ? Parse(token) : ((DateTimeOffset CreatedAt, string Id)?)null;
        // No more than a page and one are kept, however many there are.
        var newest = new SortedSet<Metadata>(NewestFirst.Instance);
        await foreach (var found in client.GetAllInstancesAsync(FilterOf(query)).WithCancellation(cancellationToken))
        {
            var view = InstanceView.Of(found, withPayloads: false);
            if ((query.Name is null || query.Name == view.Name) && Meets(query, view) && (after is not { } last || IsAfter(view, last)))
            {
                newest.Add(view);
                if (newest.Count > query.PageSize + 1)
                {
                    newest.Remove(newest.Max!);
                }
            }
        }
        var page = newest.Take(query.PageSize).ToList();
        return new OrchestrationPage(page, newest.Count > query.PageSize ? TokenOf(page[^1]) : null);
    }

    // A status can change between the store's answer and this one, and not every store filters.
    private static bool Meets(Query query, Metadata view) =>
        (query.Statuses is not { Count: > 0 } statuses || statuses.Contains(view.Status))
        && (query.InstanceIdPrefix is null || view.InstanceId.StartsWith(query.InstanceIdPrefix, StringComparison.Ordinal))
        && (query.CreatedFrom is not { } from || view.CreatedAt >= from)
        && (query.CreatedTo is not { } to || view.CreatedAt <= to);

    private static Microsoft.DurableTask.Client.OrchestrationQuery FilterOf(Query query) => new()
    {
        CreatedFrom = query.CreatedFrom,
        CreatedTo = query.CreatedTo,
        InstanceIdPrefix = query.InstanceIdPrefix,
        Statuses = query.Statuses is { Count: > 0 } statuses ? [.. statuses.Select(InstanceView.StatusOf)] : null,
        PageSize = Query.MaxPageSize,
    };

    private static bool IsAfter(Metadata view, (DateTimeOffset CreatedAt, string Id) last) =>
        view.CreatedAt < last.CreatedAt || (view.CreatedAt == last.CreatedAt && string.CompareOrdinal(view.InstanceId, last.Id) < 0);

    private static string TokenOf(Metadata last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}_{last.InstanceId}");

    private static (DateTimeOffset CreatedAt, string Id) Parse(string token)
    {
        var separator = token.IndexOf('_', StringComparison.Ordinal);
        return separator > 0 && long.TryParse(token.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), token[(separator + 1)..])
            : throw new FormatException("The continuation token is not one this query has given. Start again without it.");
    }

    private sealed class NewestFirst : IComparer<Metadata>
    {
        public static NewestFirst Instance { get; } = new();

        public int Compare(Metadata? x, Metadata? y)
        {
            var byTime = y!.CreatedAt.CompareTo(x!.CreatedAt);
            return byTime != 0 ? byTime : string.CompareOrdinal(y.InstanceId, x.InstanceId);
        }
    }
}
