using System.Net.Mail;
using System.Net.Security;
using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;
using MimeKit;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>
/// Sends one mail to each approver whose name is a mail address. A repeated attempt carries the same Message-ID, so that mailboxes can tell. Thread-safe.
/// </summary>
internal sealed class SmtpChannel : IApprovalChannel, IBulletinChannel
{
    private readonly SmtpOptions _options;
    private readonly SmtpDelivery _delivery;

    public SmtpChannel(SmtpOptions options)
        : this(options, trust: null)
    {
    }

    /// <param name="trust">Judges the server's certificate; <c>null</c>: as this machine does.</param>
    internal SmtpChannel(SmtpOptions options, RemoteCertificateValidationCallback? trust)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _delivery = new SmtpDelivery(options, trust);
    }

    public string Name => _options.Name;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers)
    {
        ArgumentNullException.ThrowIfNull(approvers);
        var candidates = approvers.Count > 0 ? approvers : _options.To;
        return [.. candidates.Select(Approver.Normalize).Where(IsAddress).Distinct(StringComparer.Ordinal)];
    }

    public async Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var mail = Compose(
            [message.Notice.Recipient], NoticeIds.Of(message), MailText.Subject(message), MailText.Plain(message), MailText.Html(message));
        return await _delivery.SendAsync(mail, cancellationToken);
    }

    /// <summary>One mail to all of <see cref="SmtpOptions.To"/>.</summary>
    public async Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bulletin);
        if (_options.To.Count == 0)
        {
            return new DeliveryResult.Failed($"{Name} has nobody in To.", Final: true);
        }
        using var mail = Compose(_options.To, bulletin.Id, MailText.Subject(bulletin), MailText.Plain(bulletin), MailText.Html(bulletin));
        return await _delivery.SendAsync(mail, cancellationToken);
    }

    internal static bool IsAddress(string name) => MailAddress.TryCreate(name, out var address) && address.Address == name;

    private MimeMessage Compose(IReadOnlyList<string> recipients, string id, string subject, string plain, string html)
    {
        var from = Mailbox(_options.From);
        var mail = new MimeMessage { Subject = subject, MessageId = $"{id}@{from.Domain}" };
        mail.From.Add(from);
        mail.To.AddRange(recipients.Select(Mailbox));
        // So that out-of-office replies and the like do not answer.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new BodyBuilder { TextBody = plain, HtmlBody = html }.ToMessageBody();
        return mail;
    }

    private static MailboxAddress Mailbox(string text)
    {
        var address = new MailAddress(text);
        return new MailboxAddress(address.DisplayName, address.Address);
    }
}
