using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Azure.Tables;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>What only this host has to be told, and what the platform tells it.</summary>
internal sealed record FunctionsSettings
{
    /// <summary>The prefix of the tables' names.</summary>
    public const string PrefixKey = "TablePrefix";

    /// <summary>A folder of agents instead of those of the program.</summary>
    public const string AgentsKey = "AgentsDirectory";

    private const string VariablePrefix = "AGENTWORKFLOWS_";

    /// <summary>For the emulator and for accounts with shared keys; <c>null</c>: an identity is used.</summary>
    public string? StorageConnection { get; init; }

    public Uri? TableEndpoint { get; init; }

    public string TablePrefix { get; init; } = StorageTables.DefaultPrefix;

    /// <summary><c>null</c>: as the program says.</summary>
    public string? AgentsDirectory { get; init; }

    /// <summary>The app's host name on the platform.</summary>
    public Uri? GivenUrl { get; init; }

    public bool HasTelemetry { get; init; }

    /// <summary>How long the platform lets a function run.</summary>
    public TimeSpan FunctionTimeout { get; init; } = FunctionTime.Standard;

    /// <param name="baseDirectory">Where host.json is.</param>
    public static (FunctionsSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration, string baseDirectory)
    {
        var problems = new List<string>();
        var (connection, endpoint) = Storage(configuration, problems);
        var prefix = configuration[PrefixKey] ?? StorageTables.DefaultPrefix;
        if (StorageTables.ProblemOf(prefix) is { } wrong)
        {
            problems.Add($"AgentWorkflows__{PrefixKey}: {wrong}");
        }
        var agents = configuration[AgentsKey] is { Length: > 0 } folder ? Path.GetFullPath(folder, baseDirectory) : null;
        if (agents is not null && !Directory.Exists(agents))
        {
            problems.Add($"AgentWorkflows__{AgentsKey}: there is no folder '{agents}'.");
        }
        if (HostFile.Text(baseDirectory, "extensions", "http", "routePrefix") is { Length: > 0 } elsewhere)
        {
            problems.Add($"host.json: extensions.http.routePrefix is '{elsewhere}'. It must be \"\": the API's addresses begin with api/ themselves.");
        }
        // Without keys the API would be open to the Internet.
        if (!string.Equals(configuration["AZURE_FUNCTIONS_ENVIRONMENT"], "Development", StringComparison.OrdinalIgnoreCase))
        {
            problems.AddRange(MissingKeys(configuration));
        }
        return (new FunctionsSettings
        {
            StorageConnection = connection,
            TableEndpoint = endpoint,
            TablePrefix = prefix,
            AgentsDirectory = agents,
            GivenUrl = configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host && Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var given) ? given : null,
            HasTelemetry = !string.IsNullOrEmpty(configuration[Telemetry.ConnectionString]),
            FunctionTimeout = FunctionTime.Read(configuration, baseDirectory),
        }, problems);
    }

    /// <summary>Application settings with a prefix, such as <c>AGENTWORKFLOWS_APPROVAL_KEYS</c>, as a place of settings.</summary>
    public static IConfiguration Prefixed(IConfiguration configuration) => new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable()
        .Where(setting => setting.Key.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
        .Select(setting => new KeyValuePair<string, string?>(setting.Key[VariablePrefix.Length..], setting.Value))).Build();

    private static IEnumerable<string> MissingKeys(IConfiguration configuration)
    {
        if (ApiKey.Read(configuration) is { Keys.Count: 0, Problems.Count: 0 })
        {
            yield return "ApiKeys: at least one key is needed, as ApiKeys__0__Name, ApiKeys__0__Hash, ApiKeys__0__Roles and ApiKeys__0__User.";
        }
        if (ApprovalKeySettings.Read(configuration) is { Settings.Keys: null, Problems.Count: 0 })
        {
            yield return $"{VariablePrefix}APPROVAL_KEYS: keys that sign the links in approval messages are needed, as ID:BASE64 of at least {ApprovalKeyRing.MinSecretBytes} bytes.";
        }
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
}
