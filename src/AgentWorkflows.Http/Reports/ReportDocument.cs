using System.Text.Json;
using AgentWorkflows.Monitoring.Reports;

namespace AgentWorkflows.Http.Reports;

/// <summary>What <c>GET /api/reports/daily</c> answers.</summary>
public sealed class ReportDocument : IReportDocument
{
    public JsonElement Of(DailyReport report) => JsonSerializer.SerializeToElement(DailyReportResponse.From(report), ApiJson.Options);
}
