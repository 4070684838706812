using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>
/// Sends one mail to each approver whose name is a mail address. A repeated attempt carries the same Message-ID, so that mailboxes can tell. Thread-safe.
/// </summary>
public sealed class SmtpChannel(SmtpOptions options) : IApprovalChannel, IBulletinChannel
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public string Name => options.Name;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers)
    {
        ArgumentNullException.ThrowIfNull(approvers);
        var candidates = approvers.Count > 0 ? approvers : options.To;
        return [.. candidates.Select(Approver.Normalize).Where(IsAddress).Distinct(StringComparer.Ordinal)];
    }

    public async Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var mail = Compose(
            [message.Notice.Recipient], NoticeIds.Of(message), MailText.Subject(message), MailText.Plain(message), MailText.Html(message));
        return await SendAsync(mail, cancellationToken);
    }

    /// <summary>One mail to all of <see cref="SmtpOptions.To"/>.</summary>
    public async Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bulletin);
        if (options.To.Count == 0)
        {
            return new DeliveryResult.Failed($"{Name} has nobody in To.", Final: true);
        }
        using var mail = Compose(options.To, bulletin.Id, MailText.Subject(bulletin), MailText.Plain(bulletin), MailText.Html(bulletin));
        return await SendAsync(mail, cancellationToken);
    }

    private async Task<DeliveryResult> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Timeout);
        try
        {
            using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.Tls };
            if (options.User is { } user)
            {
                client.Credentials = new NetworkCredential(user, options.Password);
            }
            await client.SendMailAsync(mail, bound.Token);
            return new DeliveryResult.Delivered();
        }
        catch (SmtpException exception)
        {
            return new DeliveryResult.Failed($"{options.Host}: {Words(exception)}", IsFinal(exception));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult.Failed($"{options.Host} did not answer within {Timeout.TotalSeconds:0} s.", Final: false);
        }
        catch (System.Security.Authentication.AuthenticationException)
        {
            return new DeliveryResult.Failed($"{options.Host}: no trusted TLS connection.", Final: false);
        }
    }

    internal static bool IsAddress(string name) => MailAddress.TryCreate(name, out var address) && address.Address == name;

    private MailMessage Compose(IReadOnlyList<string> recipients, string id, string subject, string plain, string html)
    {
        var mail = new MailMessage(options.From, string.Join(',', recipients))
        {
            Subject = subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        mail.Headers.Add("Message-ID", $"<{id}@{new MailAddress(options.From).Host}>");
        // So that out-of-office replies and the like do not answer.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(plain, Encoding.UTF8, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return mail;
    }

    /// <summary>Only what the server says of this recipient is final; everything else may be a server, a password or a network on the mend.</summary>
    private static bool IsFinal(SmtpException exception) => exception.StatusCode is
        SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.UserNotLocalTryAlternatePath;

    private static string Words(SmtpException exception) => exception.StatusCode switch
    {
        SmtpStatusCode.GeneralFailure => exception.InnerException is IOException or System.Net.Sockets.SocketException ? "no connection" : "the mail could not be handed over",
        var status => $"{(int)status} {status}",
    } + ".";
}
