using AgentWorkflows.Azure.Tests;
using AgentWorkflows.TestSupport;
using Azure.Data.Tables;

namespace AgentWorkflows.DurableHost.Tests.Apps;

/// <summary>The published app with a task hub and tables of its own: what a host of it is started with.</summary>
internal sealed record HostedApp(string Folder, IReadOnlyDictionary<string, string> Settings)
{
    private string TablePrefix => Settings["AgentWorkflows__TablePrefix"];

    public string Hub => Settings["AGENTWORKFLOWS_TASK_HUB"];

    public string Connection => Settings["AzureWebJobsStorage"];

    /// <param name="webhook">Announces approvals, each to the approver <c>bo</c>, with a link and a code.</param>
    /// <param name="storage">Default: the emulator that the tests share.</param>
    public static async Task<HostedApp> CreateAsync(Webhook webhook, Azurite? storage = null)
    {
        var name = $"Host{Guid.NewGuid():N}"[..20];
        return new HostedApp(PublishedApp.Folder, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = (storage ?? await Azurite.GetAsync()).ConnectionString,
            ["AGENTWORKFLOWS_TASK_HUB"] = name,
            ["AgentWorkflows__TablePrefix"] = name,
            ["AGENTWORKFLOWS_PUBLIC_URL"] = "http://agents.test/",
            ["AGENTWORKFLOWS_APPROVAL_KEYS"] = "k:" + Convert.ToBase64String(new byte[32]),
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["Notifications__Webhooks__0__Url"] = webhook.Url,
            ["Notifications__Webhooks__0__Secret"] = Convert.ToBase64String(new byte[32]),
            ["Notifications__Webhooks__0__Approver"] = "bo",
            // Not what a host costs is asked here, but what it does.
            ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval"] = "00:00:00.2",
        });
    }

    /// <summary>The same app, deployed with another <c>defaultVersion</c> in its host.json.</summary>
    public HostedApp OfVersion(string version, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var hostJson = Path.Combine(folder, "host.json");
        const string Shipped = "\"defaultVersion\": \"1\"";
        var text = File.ReadAllText(hostJson);
        if (!text.Contains(Shipped, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"host.json does not say {Shipped}.");
        }
        File.WriteAllText(hostJson, text.Replace(Shipped, $"\"defaultVersion\": \"{version}\"", StringComparison.Ordinal));
        return this with { Folder = folder };
    }

    /// <summary>The effects: what the sample agent's tool has written on a topic and not taken back.</summary>
    public async Task<List<string>> NotesAsync(string topic)
    {
        var table = new TableServiceClient(Connection).GetTableClient(TablePrefix + "Sample");
        var notes = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"Topic eq {topic} and Deleted eq {false}")))
        {
            notes.Add(row.GetString("Text"));
        }
        return notes;
    }
}
