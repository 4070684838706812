using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Words;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>
/// Posts a request as JSON, signed as Standard Webhooks does: <c>webhook-id</c> (the same for every attempt), <c>webhook-timestamp</c> and <c>webhook-signature</c>, which is
/// <c>v1,</c> and the base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.
/// </summary>
internal sealed class WebhookChannel(WebhookOptions options, HttpPost http, TimeProvider time) : IApprovalChannel, IBulletinChannel
{
    public string Name => options.Name;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => options.RecipientsAmong(approvers);

    public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return PostAsync(NoticeIds.Of(message), BodyOf(message), cancellationToken);
    }

    public Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bulletin);
        return PostAsync(bulletin.Id, new { type = bulletin.Type, title = bulletin.Title, data = bulletin.Document }, cancellationToken);
    }

    private Task<DeliveryResult> PostAsync(string id, object content, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(content, DurableJson.Options);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return http.SendAsync(
            options.Url, body, [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", Sign(options.Secret.Span, id, timestamp, body))],
            cancellationToken);
    }

    internal static string Sign(ReadOnlySpan<byte> secret, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));

    private static object BodyOf(ApprovalMessage message)
    {
        var request = message.Request;
        return new
        {
            type = message.Notice.Kind switch
            {
                NoticeKind.Reminder => "approval.reminder",
                NoticeKind.Escalation => "approval.escalated",
                _ => "approval.requested",
            },
            approval = new
            {
                request.Id,
                request.SessionId,
                request.Agent,
                request.Goal,
                request.UserId,
                request.Tool,
                tier = SnakeCase.Of(request.Tier),
                request.Arguments,
                request.ArgumentsHash,
                request.Preview,
                request.Reason,
                request.Undo,
                request.RequestedAt,
                request.ExpiresAt,
                onTimeout = SnakeCase.Of(request.OnTimeout),
                deadline = Deadline.Means(request),
                request.Required,
                approvedBy = request.Votes.Select(vote => vote.Approver),
                costUsd = request.CostMicros.UsdInFull,
            },
            recipient = message.Notice.Recipient.Length > 0 ? message.Notice.Recipient : null,
            link = message.Link?.AbsoluteUri,
            code = message.Code,
            decisionUrl = message.Inbox is { } home ? new Uri(home, $"api/approvals/{Uri.EscapeDataString(request.Id)}/decision").AbsoluteUri : null,
        };
    }
}

/// <summary>Ids under which a notice is sent, the same for every attempt, so that the other side can tell a repetition.</summary>
internal static class NoticeIds
{
    public static string Of(ApprovalMessage message) =>
        "ntc_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Request.Id}\n{message.Notice.Id}")))[..32];
}
