
namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Mail by SMTP.</summary>
internal sealed record SmtpOptions
{
    public string Name { get; init; } = "email";

    public required string Host { get; init; }

    /// <summary>Default 587.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Such as <c>agents@example.com</c>.</summary>
    public required string From { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Default <see cref="SmtpTls.ByPort"/>.</summary>
    public SmtpTls Tls { get; init; }

    /// <summary>Who gets mail about requests whose policy names nobody.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
}

/// <summary>How a connection to a mail server is encrypted. The certificate must be trusted and not revoked, or nothing is sent.</summary>
internal enum SmtpTls
{
    /// <summary>TLS from the first byte on port 465, else STARTTLS.</summary>
    ByPort,

    /// <summary>In the clear until the server has agreed to STARTTLS; where it does not, nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Implicit,

    /// <summary>Everything in the clear. A password is sent so to this machine only.</summary>
    None,
}

/// <summary>An address that takes messages. It is a secret: who has it can post there.</summary>
/// <param name="Name">Shown to people in its place.</param>
internal sealed record WebhookOptions(string Name, Uri Url)
{
    /// <summary>Whose messages appear there, when nobody else reads them: they get a link and a code of their own. <c>null</c>: several people read the channel.</summary>
    public string? Approver { get; init; }

    /// <summary>Signs the messages of a generic webhook; 24 to 64 bytes.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    internal IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers)
    {
        if (Approver is not { } approver)
        {
            return [""];
        }
        var name = Approvals.Approver.Normalize(approver);
        return approvers.Count == 0 || approvers.Contains(name, StringComparer.Ordinal) ? [name] : [];
    }
}
