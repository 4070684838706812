using AgentWorkflows.Approvals;
using AgentWorkflows.Azure.Tables;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Approvals;

/// <summary>
/// The rows of an approval request, all in one partition: the request itself, its places in lists (each only its id), newest first, and its
/// place among the decided ones whose session has not been told, oldest first.
/// </summary>
internal static class ApprovalRows
{
    public const string Partition = "approvals";
    public const string All = "all";
    public const string Session = "session";
    public const string Pending = "pending";
    public const string Undelivered = "undelivered";
    public const string Id = "Id";
    public const string Status = "Status";
    public const string Told = "Told";
    public const string TellAt = "TellAt";

    private const string Request = "Request";

    public static string KeyOf(string approvalId) => TableKey.Of("request", TableKey.Escape(approvalId));

    public static TableEntity RequestRow(ApprovalRequest request)
    {
        var row = new TableEntity(Partition, KeyOf(request.Id));
        Packed.Write(row, Request, StoredJson.Write(request), $"Approval request '{request.Id}'");
        return row;
    }

    public static ApprovalRequest Read(TableEntity row) => StoredJson.Read<ApprovalRequest>(Packed.Read(row, Request));

    /// <summary>The lists that have the request whatever its status.</summary>
    public static IEnumerable<TableEntity> ListRows(ApprovalRequest request) => [Row(request, All), Row(request, SessionList(request.SessionId))];

    public static TableEntity PendingRow(ApprovalRequest request) => Row(request, Pending);

    public static TableEntity UndeliveredRow(ApprovalRequest request) => Row(
        request, TableKey.Of(Undelivered, TableKey.Number(request.RequestedAt.UtcTicks), TableKey.Escape(request.Id)), request.Status);

    /// <summary>A change of the request's place among the undelivered; one that is gone stays gone.</summary>
    public static TableEntity ToldRow(ApprovalRequest request, DecisionTold told)
    {
        var row = UndeliveredRow(request);
        row[Told] = told.Times;
        row[TellAt] = told.NextAt.UtcTicks;
        return row;
    }

    /// <summary>Never told: due since ever.</summary>
    public static bool IsDue(TableEntity undelivered, DateTimeOffset now) => (undelivered.GetInt64(TellAt) ?? 0) <= now.UtcTicks;

    /// <summary>The filter for requests made before a time, from the list of all.</summary>
    public static string MadeBefore(DateTimeOffset time) =>
        $"PartitionKey eq {TableKey.Text(Partition)} and RowKey gt {TableKey.Text(TableKey.End(TableKey.Of(All, TableKey.Descending(time))))}"
        + $" and RowKey lt {TableKey.Text(TableKey.End(All))} and {Status} ne '{ApprovalStatus.Pending}'";

    public static string SessionList(string sessionId) => TableKey.Of(Session, TableKey.Escape(sessionId));

    private static TableEntity Row(ApprovalRequest request, string list) => Row(
        request, TableKey.Of(list, TableKey.Descending(request.RequestedAt), TableKey.Descending(request.Id)), request.Status);

    private static TableEntity Row(ApprovalRequest request, string key, ApprovalStatus status) => new(Partition, key)
    {
        [Id] = request.Id,
        [Status] = status.ToString(),
    };
}
