using System.Reflection;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>Whatever runs in this host finds what it needs.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CompositionTests
{
    [AzuriteFact]
    public async Task Every_activity_and_orchestrator_is_built()
    {
        using var host = await HostedSettings.BuildAsync("composed");
        var services = host.Services;
        var registry = services.GetRequiredService<DurableRegistry>();

        Assert.NotEmpty(registry.Activities);
        Assert.All(registry.Activities, activity => Assert.NotNull(activity.Create(services)));
        Assert.All(registry.Orchestrators, orchestrator => Assert.NotNull(orchestrator.Create(services)));
    }

    [AzuriteFact]
    public async Task Every_function_is_built()
    {
        using var host = await HostedSettings.BuildAsync("composed");
        var services = host.Services;
        var classes = typeof(ApiFunctions).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)).ToList();

        Assert.True(classes.Count >= 4, $"Only {classes.Count} classes of functions were found.");
        Assert.All(classes, type => Assert.NotNull(ActivatorUtilities.CreateInstance(services, type)));
    }

    [AzuriteFact]
    public async Task Every_handler_of_the_API_is_built()
    {
        using var host = await HostedSettings.BuildAsync("composed");
        var services = host.Services;

        Assert.All(ApiRoutes.HandlerTypes, handlers => Assert.NotNull(services.GetRequiredService(handlers)));
    }
}
