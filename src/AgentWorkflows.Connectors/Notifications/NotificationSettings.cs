using System.Net.Mail;
using AgentWorkflows.Hosting;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Where approvals are announced: <c>Notifications</c> of the configuration.</summary>
internal sealed record NotificationSettings
{
    public const string Section = "Notifications";
    private const int MinSecretBytes = 24;
    private const int MaxSecretBytes = 64;

    public SmtpOptions? Smtp { get; init; }

    public IReadOnlyList<WebhookOptions> Teams { get; init; } = [];

    public IReadOnlyList<WebhookOptions> Slack { get; init; } = [];

    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>The names of all channels.</summary>
    public IReadOnlyList<string> Names =>
        [.. new[] { Smtp?.Name }.OfType<string>(), .. Teams.Concat(Slack).Concat(Webhooks).Select(channel => channel.Name)];

    /// <summary>All problems at once; none of them repeats a secret.</summary>
    public static (NotificationSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var problems = new List<string>();
        foreach (var key in section.GetChildren().Select(child => child.Key)
            .Except(["Smtp", "Teams", "Slack", "Webhooks"], StringComparer.OrdinalIgnoreCase))
        {
            problems.Add($"{Section}:{key} is not known. Known: Smtp, Teams, Slack, Webhooks.");
        }
        var settings = new NotificationSettings
        {
            Smtp = section.GetSection("Smtp") is var smtp && smtp.Exists() ? ReadSmtp(smtp, problems) : null,
            Teams = ReadWebhooks(section.GetSection("Teams"), "teams", signed: false, problems),
            Slack = ReadWebhooks(section.GetSection("Slack"), "slack", signed: false, problems),
            Webhooks = ReadWebhooks(section.GetSection("Webhooks"), "webhook", signed: true, problems),
        };
        var names = settings.Teams.Concat(settings.Slack).Concat(settings.Webhooks).Select(channel => channel.Name).Append(settings.Smtp?.Name ?? "");
        foreach (var twice in names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add($"{Section}: the name '{twice.Key}' is used {twice.Count()} times; give each channel a Name of its own.");
        }
        return (settings, problems);
    }

    private static SmtpOptions? ReadSmtp(IConfigurationSection section, List<string> problems)
    {
        var before = problems.Count;
        var host = section["Host"] ?? "";
        var port = 587;
        var tls = SmtpTls.ByPort;
        List<string> to = [.. section.GetSection("To").GetChildren().Select(item => item.Value ?? "")];
        if (section["To"] is { Length: > 0 } list)
        {
            to.AddRange(list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        if (host.Length == 0 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            problems.Add($"{section.Path}:Host must be the name of a mail server.");
        }
        if (section["Port"] is { } portText && (!int.TryParse(portText, out port) || port is < 1 or > 65535))
        {
            problems.Add($"{section.Path}:Port must be 1 to 65535; 587 is usual.");
        }
        if (section["Tls"] is { } tlsText)
        {
            if (TlsOf(tlsText) is { } given)
            {
                tls = given;
            }
            else
            {
                problems.Add($"{section.Path}:Tls must be true (TLS from the first byte on port 465, else STARTTLS), starttls, implicit or false.");
            }
        }
        if (!MailAddress.TryCreate(section["From"], out _))
        {
            problems.Add($"{section.Path}:From must be a mail address, such as agents@example.com.");
        }
        foreach (var bad in to.Where(address => !MailAddress.TryCreate(address, out _)))
        {
            problems.Add($"{section.Path}:To: '{bad}' is not a mail address.");
        }
        if (tls == SmtpTls.None && section["User"] is { Length: > 0 } && !Loopback.IsLoopbackHost(host))
        {
            problems.Add($"{section.Path}: a User without Tls would send the password in the clear; leave Tls on.");
        }
        return problems.Count > before ? null : new SmtpOptions
        {
            Name = section["Name"] is { Length: > 0 } name ? name : "email",
            Host = host,
            Port = port,
            From = section["From"]!,
            User = section["User"] is { Length: > 0 } user ? user : null,
            Password = section["Password"],
            Tls = tls,
            To = to,
        };
    }

    private static SmtpTls? TlsOf(string text) => text.ToLowerInvariant() switch
    {
        "true" => SmtpTls.ByPort,
        "false" => SmtpTls.None,
        "starttls" => SmtpTls.StartTls,
        "implicit" => SmtpTls.Implicit,
        _ => null,
    };

    private static List<WebhookOptions> ReadWebhooks(IConfigurationSection section, string kind, bool signed, List<string> problems)
    {
        var channels = new List<WebhookOptions>();
        foreach (var (entry, number) in section.GetChildren().Select((entry, i) => (entry, i + 1)))
        {
            // The address is not repeated: it is what lets one post there.
            if (!Uri.TryCreate(entry["Url"], UriKind.Absolute, out var url)
                || !(url.Scheme == "https" || (url.Scheme == "http" && Loopback.IsLoopbackHost(url.Host))))
            {
                problems.Add($"{entry.Path}:Url must be an https address (http only to this machine).");
                continue;
            }
            var secret = new byte[MaxSecretBytes + 3];
            var length = 0;
            var given = (entry["Secret"] ?? "").Replace("whsec_", "", StringComparison.Ordinal);
            if (signed && (!Convert.TryFromBase64String(given, secret, out length) || length is < MinSecretBytes or > MaxSecretBytes))
            {
                problems.Add($"{entry.Path}:Secret must have {MinSecretBytes} to {MaxSecretBytes} random bytes in base64 (openssl rand -base64 32).");
                continue;
            }
            channels.Add(new WebhookOptions(entry["Name"] is { Length: > 0 } name ? name : number == 1 ? kind : $"{kind}-{number}", url)
            {
                Approver = entry["Approver"] is { Length: > 0 } approver ? approver : null,
                Secret = secret.AsMemory(0, length),
            });
        }
        return channels;
    }
}
