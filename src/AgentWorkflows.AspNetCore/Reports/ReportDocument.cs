using System.Text.Json;
using AgentWorkflows.Operations.Reports;

namespace AgentWorkflows.AspNetCore.Reports;

/// <summary>What <c>GET /api/reports/daily</c> answers.</summary>
internal sealed class ReportDocument : IReportDocument
{
    public JsonElement Of(DailyReport report) => JsonSerializer.SerializeToElement(DailyReportResponse.From(report), ApiJson.Options);
}
