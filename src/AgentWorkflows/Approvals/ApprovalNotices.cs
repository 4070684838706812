using System.Globalization;

namespace AgentWorkflows.Approvals;

/// <summary>Decides which messages a moment of a request needs, and keeps them with the request. Thread-safe.</summary>
internal sealed class ApprovalNotices(IApprovalStore approvals, IEnumerable<IApprovalChannel> channels)
{
    /// <summary>A request's notices are kept with it, so they are bounded; more than this are not sent.</summary>
    private const int MaxPerRequest = 100;

    private readonly IReadOnlyList<IApprovalChannel> _channels = [.. channels];

    public IApprovalChannel? Find(string name) => _channels.FirstOrDefault(channel => channel.Name == name);

    /// <returns>Ids of the notices, whether they are new or were opened before.</returns>
    public async Task<IReadOnlyList<string>> OpenAsync(
        ApprovalRequest request, ApprovalMoment moment, IReadOnlyList<string> approvers, CancellationToken cancellationToken)
    {
        // Named people who have all approved already need no reminder, and "nobody" must not read as "everybody".
        if (_channels.Count == 0 || (approvers.Count == 0 && ApprovalRules.IsForNamedPeople(request)))
        {
            return [];
        }
        var known = request.Notices.Select(notice => notice.Id).ToHashSet(StringComparer.Ordinal);
        var wanted = _channels.SelectMany(channel => channel.RecipientsAmong(approvers).Select(recipient => NoticeOf(channel, recipient, moment))).ToList();
        var fresh = wanted.Where(notice => !known.Contains(notice.Id)).Take(Math.Max(0, MaxPerRequest - known.Count)).ToList();
        if (fresh.Count > 0)
        {
            await approvals.PutNoticesAsync(request.Id, fresh, cancellationToken);
        }
        return [.. wanted.Where(notice => known.Contains(notice.Id) || fresh.Contains(notice)).Select(notice => notice.Id)];
    }

    private static ApprovalNotice NoticeOf(IApprovalChannel channel, string recipient, ApprovalMoment moment) => new(
        string.Create(CultureInfo.InvariantCulture, $"{moment.Kind.ToString().ToLowerInvariant()}-{moment.Index}:{channel.Name}:{recipient}"),
        channel.Name, recipient, moment.Kind);
}
