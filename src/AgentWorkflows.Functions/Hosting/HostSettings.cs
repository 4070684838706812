using System.Security.Cryptography;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Hosting;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>How this host runs, from its application settings. Read once, at start.</summary>
internal sealed record HostSettings
{
    /// <summary>For the emulator and for accounts with shared keys; <c>null</c>: an identity is used.</summary>
    public string? StorageConnection { get; init; }

    public Uri? TableEndpoint { get; init; }

    public string TablePrefix { get; init; } = StorageTables.DefaultPrefix;

    public required string AgentsDirectory { get; init; }

    public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>Sign the links in approval messages.</summary>
    public required ApprovalKeyRing ApprovalKeys { get; init; }

    /// <summary>Where people reach this app; <c>null</c>: messages have no links.</summary>
    public Uri? PublicUrl { get; init; }

    public CostSettings Costs { get; init; } = new();

    /// <summary>Where approvals are announced.</summary>
    public NotificationSettings Notifications { get; init; } = new();

    /// <summary>Default: the offline playbook.</summary>
    public ModelSettings Models { get; init; } = new();

    public bool HasTelemetry { get; init; }

    /// <summary>How long the platform lets a function run.</summary>
    public TimeSpan FunctionTimeout { get; init; } = FunctionTime.Standard;

    /// <summary>When and where yesterday's report is sent.</summary>
    public ReportDeliveryOptions Reports { get; init; } = new();

    /// <summary>How long data is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <exception cref="HostSettingsException">Names every setting that is wrong.</exception>
    public static HostSettings Read(IConfiguration configuration, string baseDirectory)
    {
        var problems = new List<string>();
        var (keys, keyProblems) = ApiKey.Read(configuration);
        problems.AddRange(keyProblems);
        // Without keys the API would be open to the Internet.
        var local = string.Equals(configuration["AZURE_FUNCTIONS_ENVIRONMENT"], "Development", StringComparison.OrdinalIgnoreCase);
        if (keys.Count == 0 && keyProblems.Count == 0 && !local)
        {
            problems.Add("ApiKeys: at least one key is needed, as ApiKeys__0__Name, ApiKeys__0__Hash, ApiKeys__0__Roles and ApiKeys__0__User.");
        }
        var (connection, endpoint) = Storage(configuration, problems);
        var agents = Path.GetFullPath(configuration["AgentWorkflows:AgentsDirectory"] ?? "agents", baseDirectory);
        if (!Directory.Exists(agents))
        {
            problems.Add($"AgentWorkflows__AgentsDirectory: there is no folder '{agents}'.");
        }
        var (models, modelProblems) = ModelSettings.Read(configuration);
        var (costs, costProblems) = CostSettings.Read(configuration);
        var (notifications, notificationProblems) = NotificationSettings.Read(configuration);
        var (reports, reportProblems) = ReportDeliveryOptions.Read(configuration, notifications.Names);
        var (retention, retentionProblems) = RetentionOptions.Read(configuration);
        problems.AddRange([.. modelProblems, .. costProblems, .. notificationProblems, .. reportProblems, .. retentionProblems]);
        var approvalKeys = ReadApprovalKeys(configuration, local, problems);
        return problems.Count > 0 || approvalKeys is null
            ? throw new HostSettingsException(problems)
            : new HostSettings
            {
                StorageConnection = connection,
                TableEndpoint = endpoint,
                TablePrefix = configuration["AgentWorkflows:TablePrefix"] ?? StorageTables.DefaultPrefix,
                AgentsDirectory = agents,
                ApiKeys = keys,
                ApprovalKeys = approvalKeys,
                PublicUrl = ReadPublicUrl(configuration),
                Models = models,
                Costs = costs,
                Notifications = notifications,
                HasTelemetry = !string.IsNullOrEmpty(configuration[Telemetry.ConnectionString]),
                Reports = reports,
                Retention = retention,
                FunctionTimeout = FunctionTime.Read(configuration, baseDirectory),
            };
    }

    /// <summary>The storage account of the host itself, as the platform configures it: a connection string, or addresses and an identity.</summary>
    private static (string? Connection, Uri? Endpoint) Storage(IConfiguration configuration, List<string> problems)
    {
        if (configuration["AzureWebJobsStorage"] is { Length: > 0 } connection)
        {
            return (connection, null);
        }
        var endpoint = configuration["AzureWebJobsStorage:tableServiceUri"]
            ?? (configuration["AzureWebJobsStorage:accountName"] is { Length: > 0 } account ? $"https://{account}.table.core.windows.net" : null);
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
        {
            return (null, uri);
        }
        problems.Add(
            "AzureWebJobsStorage__tableServiceUri must be the https address of the storage account's tables (or AzureWebJobsStorage a connection string).");
        return (null, null);
    }

    /// <summary>On a developer's machine a key for as long as the process lives is enough.</summary>
    private static ApprovalKeyRing? ReadApprovalKeys(IConfiguration configuration, bool local, List<string> problems)
    {
        const string Setting = "AGENTWORKFLOWS_APPROVAL_KEYS";
        var text = configuration[Setting];
        if (string.IsNullOrEmpty(text) && local)
        {
            text = "local:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(ApprovalKeyRing.MinSecretBytes));
        }
        var (ring, problem) = ApprovalKeyRing.Parse(text ?? "");
        if (ring is null)
        {
            problems.Add($"{Setting}: {problem}");
        }
        return ring;
    }

    /// <summary>Chosen, or the host name the platform gives.</summary>
    private static Uri? ReadPublicUrl(IConfiguration configuration) =>
        Uri.TryCreate(configuration["AGENTWORKFLOWS_PUBLIC_URL"], UriKind.Absolute, out var chosen) ? chosen
        : configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host && Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var given) ? given
        : null;
}

/// <summary>The application settings are not usable.</summary>
internal sealed class HostSettingsException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, ["The application settings are not valid:", .. problems.Select(problem => "  " + problem)]));
