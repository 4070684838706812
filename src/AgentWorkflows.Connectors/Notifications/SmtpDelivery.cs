using System.Net.Security;
using System.Net.Sockets;
using AgentWorkflows.Approvals;
using AgentWorkflows.Screening;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Hands one mail to the server, in a connection of its own, and says in words what was wrong when it could not. Thread-safe.</summary>
internal sealed class SmtpDelivery(SmtpOptions options, RemoteCertificateValidationCallback? trust)
{
    private const int ImplicitTlsPort = 465;
    private const int MaxAnswer = 200;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async Task<DeliveryResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Timeout);
        try
        {
            using var client = new Client { ServerCertificateValidationCallback = trust };
            var result = await ConnectAsync(client, bound.Token) ?? await HandOverAsync(client, mail, bound.Token);
            await LeaveAsync(client, bound.Token);
            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (SocketException)
        {
            return Failed($"no connection to port {options.Port}.");
        }
        catch (Exception exception) when (exception is IOException or SmtpProtocolException)
        {
            return Failed("the connection broke.");
        }
    }

    /// <summary>Whatever becomes of the farewell, what the server took it has.</summary>
    private static async Task LeaveAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SmtpProtocolException)
        {
            // The connection is closed with the client.
        }
    }

    /// <returns><c>null</c>: connected, encrypted as configured, and logged in.</returns>
    private async Task<DeliveryResult?> ConnectAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(options.Host, options.Port, Security, cancellationToken);
        }
        catch (SslHandshakeException)
        {
            return Failed($"no trusted TLS connection on port {options.Port}. Its certificate must be valid for this name, trusted by this machine and not revoked.");
        }
        catch (NotSupportedException)
        {
            return Failed($"no STARTTLS on port {options.Port}, and nothing is sent in the clear. If it speaks TLS from the first byte there, set Tls to implicit.");
        }
        if (options.User is not { } user)
        {
            return null;
        }
        try
        {
            await client.AuthenticateAsync(user, options.Password ?? "", cancellationToken);
            return null;
        }
        catch (AuthenticationException exception)
        {
            return Failed($"User and Password were not taken ({VisibleText.Line(exception.Message, MaxAnswer)}).");
        }
        catch (NotSupportedException)
        {
            return Failed($"User is configured, but no login is offered on port {options.Port}.");
        }
    }

    private async Task<DeliveryResult> HandOverAsync(Client client, MimeMessage mail, CancellationToken cancellationToken)
    {
        var international = mail.To.Mailboxes.Concat(mail.From.Mailboxes).FirstOrDefault(mailbox => mailbox.IsInternational && !IsAscii(mailbox.LocalPart));
        if (international is not null && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
        {
            return Failed($"{VisibleText.Line(international.Address, MaxAnswer)} has letters beyond ASCII before the @, which it does not take (SMTPUTF8).", final: true);
        }
        var format = FormatOptions.Default.Clone();
        format.International = international is not null;
        try
        {
            await client.SendAsync(format, mail, cancellationToken);
        }
        catch (SmtpCommandException exception) when (client.Refused.Count == 0)
        {
            // Nothing was said of the recipient: a server, a sender's right or a limit may be on the mend.
            return Failed($"{(int)exception.StatusCode} {VisibleText.Line(exception.Message, MaxAnswer)}");
        }
        catch (SmtpCommandException)
        {
            // Nobody was taken; told below.
        }
        return client.Refused.Count == 0 ? new DeliveryResult.Delivered() : OfRefused(client.Refused);
    }

    private DeliveryResult.Failed OfRefused(IReadOnlyList<(string Mailbox, SmtpResponse Response)> refused)
    {
        var words = refused.Select(one => $"{one.Mailbox}: {(int)one.Response.StatusCode} {one.Response.Response}");
        // A 4xx is for now; a mailbox that is not there stays so, and whoever was taken has the mail.
        return Failed(VisibleText.Line(string.Join("; ", words), MaxAnswer), final: refused.All(one => (int)one.Response.StatusCode >= 500));
    }

    private SecureSocketOptions Security => options.Tls switch
    {
        SmtpTls.ByPort => options.Port == ImplicitTlsPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls,
        SmtpTls.StartTls => SecureSocketOptions.StartTls,
        SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
        SmtpTls.None => SecureSocketOptions.None,
        var other => throw new InvalidOperationException($"Unknown encryption {other}."),
    };

    private static bool IsAscii(string text) => text.All(char.IsAscii);

    private DeliveryResult.Failed Failed(string words, bool final = false) => new($"{options.Host}: {words}", final);

    /// <summary>One refused recipient does not keep the mail from the others.</summary>
    private sealed class Client : SmtpClient
    {
        public List<(string Mailbox, SmtpResponse Response)> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add((mailbox.Address, response));

        protected override void OnNoRecipientsAccepted(MimeMessage message)
        {
            var last = Refused[^1].Response;
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, last.StatusCode, last.Response);
        }
    }
}
