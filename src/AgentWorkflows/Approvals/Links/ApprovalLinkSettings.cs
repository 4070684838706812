using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Approvals.Links;

/// <summary>The setting <c>PublicUrl</c>: where people reach this host, for links in messages.</summary>
internal sealed record ApprovalLinkSettings
{
    public const string PublicUrlKey = "PublicUrl";

    /// <summary>The same as an environment variable with a prefix.</summary>
    private const string VariableKey = "PUBLIC_URL";

    /// <summary><c>null</c>: the host finds out by itself, if it can.</summary>
    public Uri? PublicUrl { get; init; }

    public static (ApprovalLinkSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = configuration[PublicUrlKey] is { Length: > 0 } ? PublicUrlKey : VariableKey;
        if (configuration[name] is not { Length: > 0 } text)
        {
            return (new ApprovalLinkSettings(), []);
        }
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? (new ApprovalLinkSettings { PublicUrl = url }, [])
            : (new ApprovalLinkSettings(), [$"{(name == PublicUrlKey ? PublicUrlKey : $"AGENTWORKFLOWS_{VariableKey}")} must be an address such as https://agents.example.com."]);
    }
}

/// <summary>The setting <c>ApprovalKeys</c>: what signs the links, as <c>id:base64,id:base64</c>.</summary>
internal sealed record ApprovalKeySettings
{
    public const string Key = "ApprovalKeys";

    /// <summary>The same as an environment variable with a prefix.</summary>
    private const string VariableKey = "APPROVAL_KEYS";
    private const string Variable = "AGENTWORKFLOWS_" + VariableKey;

    /// <summary><c>null</c>: not configured; the host makes its own, if it can.</summary>
    public ApprovalKeyRing? Keys { get; init; }

    public static (ApprovalKeySettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = configuration[Key] is { Length: > 0 } ? Key : VariableKey;
        if (configuration[name] is not { Length: > 0 } text)
        {
            return (new ApprovalKeySettings(), []);
        }
        var (ring, problem) = ApprovalKeyRing.Parse(text);
        return ring is null ? (new ApprovalKeySettings(), [$"{(name == Key ? Key : Variable)}: {problem}"]) : (new ApprovalKeySettings { Keys = ring }, []);
    }
}
