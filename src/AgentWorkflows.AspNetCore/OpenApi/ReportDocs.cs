using AgentWorkflows.AspNetCore.Reports;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>Reports.</summary>
internal static class ReportDocs
{
    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["GetDailyReport"] = new("One UTC day: what was spent, on what, and what it was worth.", [new AnswerDoc(200, "The report; with format=csv the day's ledger entries as text/csv.", Report)])
        {
            Description = "Without the role operate: the key's user's own.",
            Query =
            [
                new QueryDoc("date", "Such as 2026-11-20, not after today. Default: today.", RequestSchemas.Text(10, "A day.")),
                new QueryDoc("user", "Only of this user; for operators. Default: everybody's.", RequestSchemas.Text(100, "A user_id.")),
                new QueryDoc("format", "Default json.", RequestSchemas.Choice(["json", "csv"])),
            ],
        },
    };

    private static DailyReportResponse Report => new()
    {
        Date = "2026-11-01",
        Complete = true,
        Spend = new SpendResponse(0.005139m, 0, 0, 6, 0, 5210, 0, 526, 1.8m),
        SpendByHourUsd = [0, 0.005139m],
        Sessions = new SessionsResponse(1, 1, new Dictionary<string, int> { ["Completed"] = 1 }, new Dictionary<string, int>()),
        ByTaskType = [Group("refund")],
        ByAgent = [Group("order-desk")],
        ByUser = [Group("u-1")],
        ByModel = [Group("gpt-4.1-mini")],
        ByPurpose = [Group("plan")],
        Roi = new RoiResponse(0.5m, 0.5m, 0.005139m, 0.494861m, 9629.53m),
    };

    private static SpendGroupResponse Group(string key) => new(key, 0.005139m, 6, 5210, 526, 1, 1, 0.005139m);
}
