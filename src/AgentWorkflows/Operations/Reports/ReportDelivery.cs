using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Operations.Reports;

/// <summary>A report as the API answers it, for those who read it by machine.</summary>
internal interface IReportDocument
{
    JsonElement Of(DailyReport report);
}

/// <summary>
/// Sends the report of the day before, everybody's, to the chosen channels, once the hour has come. Each channel is claimed for the day before it is
/// sent to and noted as done afterwards: after a crash between the two it is sent again, under the same id. A channel that fails is tried again while
/// the day lasts. Thread-safe.
/// </summary>
internal sealed class ReportDelivery(
    ReportService reports, IDailyClaims claims, IEnumerable<IBulletinChannel> channels, IReportDocument document,
    ReportDeliveryOptions options, ApprovalLinkOptions links, TimeProvider time, ILogger<ReportDelivery> logger)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    /// <returns>The channels it was sent to now.</returns>
    public async Task<IReadOnlyList<string>> RunDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (options.Channels.Count == 0 || now.UtcDateTime.Hour < options.Hour)
        {
            return [];
        }
        var day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        var sent = new List<string>();
        Bulletin? bulletin = null;
        foreach (var channel in channels.Where(channel => options.Channels.Contains(channel.Name, StringComparer.Ordinal)))
        {
            var work = $"report:{channel.Name}";
            if (await claims.TryTakeAsync(work, day, now, Hold, cancellationToken) != DailyClaim.Taken)
            {
                continue;
            }
            bulletin ??= await MakeAsync(day, cancellationToken);
            var result = await channel.SendAsync(bulletin, cancellationToken);
            if (Tell(day, channel.Name, result))
            {
                await claims.CompleteAsync(work, day, time.GetUtcNow(), cancellationToken);
            }
            if (result is DeliveryResult.Delivered)
            {
                sent.Add(channel.Name);
            }
        }
        return sent;
    }

    private async Task<Bulletin> MakeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var report = await reports.DailyAsync(day, null, cancellationToken);
        return ReportBulletin.Of(report, document.Of(report), links.PublicUrl);
    }

    /// <returns>Whether it is over with.</returns>
    private bool Tell(DateOnly date, string channel, DeliveryResult result)
    {
        var day = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        switch (result)
        {
            case DeliveryResult.Failed { Final: false } failed:
                Log.ReportNotSent(logger, day, channel, Redaction.LogText(failed.Reason));
                return false;
            case DeliveryResult.Failed failed:
                Log.ReportRefused(logger, day, channel, Redaction.LogText(failed.Reason));
                return true;
            default:
                Log.ReportSent(logger, day, channel);
                return true;
        }
    }
}
