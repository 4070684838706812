using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

public sealed class FunctionsSettingsTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void On_Azure_the_storage_is_reached_by_identity()
    {
        using var host = HostedSettings.Build(OnAzure());

        host.Services.GetRequiredService<IStartupValidator>().Validate();

        var settings = host.Services.GetRequiredService<FunctionsSettings>();
        Assert.Equal(new Uri("https://acct.table.core.windows.net"), settings.TableEndpoint);
        Assert.Null(settings.StorageConnection);
        Assert.False(host.Services.GetRequiredService<ApiKeyRing>().IsOpen);
        Assert.Equal(new Uri("https://acct.azurewebsites.net/"), host.Services.GetRequiredService<ApprovalLinkOptions>().PublicUrl);
    }

    [Fact]
    public void The_address_and_the_keys_of_links_have_names_of_their_own()
    {
        var settings = OnAzure();
        settings["AGENTWORKFLOWS_PUBLIC_URL"] = "https://agents.example.com";
        using var host = HostedSettings.Build(settings);

        Assert.Equal(new Uri("https://agents.example.com/"), host.Services.GetRequiredService<ApprovalLinkOptions>().PublicUrl);
        Assert.NotNull(host.Services.GetRequiredService<IOptions<ApprovalKeySettings>>().Value.Keys);
    }

    [Fact]
    public void On_a_developers_machine_no_key_is_needed()
    {
        using var host = HostedSettings.Build(new() { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development", ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" });

        host.Services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal("UseDevelopmentStorage=true", host.Services.GetRequiredService<FunctionsSettings>().StorageConnection);
        Assert.True(host.Services.GetRequiredService<ApiKeyRing>().IsOpen);
        Assert.NotNull(host.Services.GetRequiredService<ApprovalKeyRing>());
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var failures = FailuresOf(new()
        {
            ["AzureWebJobsStorage:tableServiceUri"] = "http://acct.table.core.windows.net",
            ["AgentWorkflows:AgentsDirectory"] = "no-such-folder",
            ["AgentWorkflows:TablePrefix"] = "a-b",
            ["AZURE_OPENAI_ENDPOINT"] = "https://model.openai.azure.com",
            ["AgentWorkflows:Coasts:UserPerDay"] = "1",
        });

        Assert.Contains("ApiKeys: at least one key is needed", failures, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage__tableServiceUri must be", failures, StringComparison.Ordinal);
        Assert.Contains("no-such-folder", failures, StringComparison.Ordinal);
        Assert.Contains("AgentWorkflows__TablePrefix: 'a-b' is not a table prefix", failures, StringComparison.Ordinal);
        Assert.Contains("AGENTWORKFLOWS_APPROVAL_KEYS: ", failures, StringComparison.Ordinal);
        Assert.Contains("AZURE_OPENAI_DEPLOYMENT", failures, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'Costs'?", failures, StringComparison.Ordinal);
        Assert.Contains("AgentWorkflows__Coasts", failures, StringComparison.Ordinal);
    }

    private static string FailuresOf(Dictionary<string, string?> settings)
    {
        using var host = HostedSettings.Build(settings);
        return string.Join('\n', Assert.Throws<AggregateException>(host.Services.GetRequiredService<IStartupValidator>().Validate)
            .InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
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
}
