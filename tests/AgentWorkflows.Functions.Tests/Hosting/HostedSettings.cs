using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Hosting;
using AgentWorkflows.TestSupport;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NoteDesk;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>The sample's program as it is composed, with settings of the test's own.</summary>
internal static class HostedSettings
{
    /// <summary>On the storage emulator, as on a developer's machine.</summary>
    /// <param name="tablePrefix">Of this test's own tables.</param>
    public static async Task<IHost> BuildAsync(string tablePrefix) => Build(new()
    {
        ["AzureWebJobsStorage"] = (await Azurite.GetAsync()).ConnectionString,
        ["AgentWorkflows:TablePrefix"] = tablePrefix,
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
    });

    public static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddAgentWorkflows(builder.Configuration)
            .UseDurableFunctions(builder)
            .AddAgents(Path.Combine(PublishedApp.Folder, "agents"))
            .AddNoteDesk();
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true }));
        return builder.Build();
    }
}
