using AgentWorkflows.Functions.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

public sealed class HostSettingsTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void On_Azure_the_storage_is_reached_by_identity()
    {
        var settings = Read(OnAzure());

        Assert.Equal(new Uri("https://acct.table.core.windows.net"), settings.TableEndpoint);
        Assert.Null(settings.StorageConnection);
        Assert.Single(settings.ApiKeys);
        Assert.Equal(new Uri("https://acct.azurewebsites.net/"), settings.PublicUrl);
    }

    [Fact]
    public void On_a_developers_machine_no_key_is_needed()
    {
        var settings = Read(new() { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development", ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" });

        Assert.Equal("UseDevelopmentStorage=true", settings.StorageConnection);
        Assert.Empty(settings.ApiKeys);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var wrong = Assert.Throws<HostSettingsException>(() => Read(new()
        {
            ["AzureWebJobsStorage:tableServiceUri"] = "http://acct.table.core.windows.net",
            ["AgentWorkflows:AgentsDirectory"] = "no-such-folder",
            ["AZURE_OPENAI_ENDPOINT"] = "https://model.openai.azure.com",
        }));

        Assert.Contains("ApiKeys: at least one key is needed", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage__tableServiceUri must be", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-folder", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("AGENTWORKFLOWS_APPROVAL_KEYS: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("AZURE_OPENAI_DEPLOYMENT", wrong.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> OnAzure() => new()
    {
        ["AzureWebJobsStorage:accountName"] = "acct",
        ["AGENTWORKFLOWS_APPROVAL_KEYS"] = "k1:" + Convert.ToBase64String(new byte[32]),
        ["WEBSITE_HOSTNAME"] = "acct.azurewebsites.net",
        ["ApiKeys:0:Name"] = "ops",
        ["ApiKeys:0:Hash"] = Hash,
        ["ApiKeys:0:Roles"] = "operate",
        ["ApiKeys:0:User"] = "ops",
    };

    private static HostSettings Read(Dictionary<string, string?> values) =>
        HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), AppContext.BaseDirectory);
}
