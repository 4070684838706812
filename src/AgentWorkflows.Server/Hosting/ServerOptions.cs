using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Hosting;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;

namespace AgentWorkflows.Server.Hosting;

/// <summary>How this process runs. Made once from the command line, the environment and the configuration file.</summary>
internal sealed record ServerOptions
{
    public const string DefaultUrl = "http://localhost:7071";

    /// <summary>Default <c>.data</c> in the working directory; created when missing.</summary>
    public string DataDirectory { get; init; } = ".data";

    /// <summary>Default: <c>agents</c> in the working directory, else the one beside the program.</summary>
    public string? AgentsDirectory { get; init; }

    /// <summary>One or more, separated by semicolons.</summary>
    public string Urls { get; init; } = DefaultUrl;

    public bool JsonLogs { get; init; }

    /// <summary>Keys the API accepts. None: open to this machine only.</summary>
    public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>Where people reach this server, for links in messages. Default: the first address it listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Keys that sign approval links, as <c>id:base64,id:base64</c>. Default: made once and kept in the data folder.</summary>
    public string? ApprovalKeys { get; init; }

    /// <summary>Where approvals are announced. Default: nowhere; they wait in the inbox.</summary>
    public NotificationSettings Notifications { get; init; } = new();

    /// <summary>When and where yesterday's report is sent. Default: nowhere.</summary>
    public ReportDeliveryOptions Reports { get; init; } = new();

    /// <summary>How long data is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How long requests and steps that run may take to end when the server stops; default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Caps above the session's, and what reports compare with.</summary>
    public CostSettings Costs { get; init; } = new();
}
