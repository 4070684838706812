using System.Reflection;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Hosting;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Hosting;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>Whatever runs in this host finds what it needs.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CompositionTests
{
    /// <summary>What the API can do without here: live updates, checking a recorded history, counting sessions. The generic host adds the last.</summary>
    private static readonly Type[] NotHere = [typeof(LiveFeed), typeof(IReplayCheck), typeof(ISessionCounts), typeof(IHostApplicationLifetime)];

    /// <summary>What only a host asks for that is made by the builder, as this one is not.</summary>
    private static readonly Type[] OfTheBuilder = [typeof(AgentFolders)];

    [AzuriteFact]
    public async Task Every_activity_and_orchestrator_is_built()
    {
        await using var services = await ComposeAsync();
        var registry = services.GetRequiredService<DurableRegistry>();

        Assert.NotEmpty(registry.Activities);
        Assert.All(registry.Activities, activity => Assert.NotNull(activity.Create(services)));
        Assert.All(registry.Orchestrators, orchestrator => Assert.NotNull(orchestrator.Create(services)));
    }

    [AzuriteFact]
    public async Task Every_function_is_built()
    {
        await using var services = await ComposeAsync();
        var classes = typeof(ApiEntry).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)).ToList();

        Assert.True(classes.Count >= 8, $"Only {classes.Count} classes of functions were found.");
        Assert.All(classes, type => Assert.NotNull(ActivatorUtilities.CreateInstance(services, type)));
    }

    [AzuriteFact]
    public async Task Every_service_the_API_asks_for_is_there()
    {
        await using var services = await ComposeAsync();
        var asked = AskedFor("GetRequiredService");

        Assert.Contains(typeof(SessionService), asked);
        Assert.All(asked.Except(OfTheBuilder), type => Assert.NotNull(services.GetRequiredService(type)));
    }

    [AzuriteFact]
    public async Task What_the_API_can_do_without_is_known()
    {
        await using var services = await ComposeAsync();

        Assert.Equal(
            NotHere.Select(type => type.Name).Order(StringComparer.Ordinal),
            AskedFor("GetService").Where(type => services.GetService(type) is null).Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    private static async Task<ServiceProvider> ComposeAsync()
    {
        var services = new ServiceCollection().AddLogging();
        Composition.Add(services, await HostedSettings.GetAsync("composed"));
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>The handlers resolve what they need when they are called; the compiler has noted each type they ask for with such a call.</summary>
    private static List<Type> AskedFor(string method)
    {
        const int MethodSpecifications = 0x2B000000;
        var module = typeof(ApiRoutes).Module;
        var asked = new HashSet<Type>();
        for (var row = 1; ; row++)
        {
            MethodBase called;
            try
            {
                called = module.ResolveMethod(MethodSpecifications + row)!;
            }
            catch (ArgumentOutOfRangeException)
            {
                return [.. asked];
            }
            catch (ArgumentException)
            {
                // A call with a type parameter, which only its caller knows.
                continue;
            }
            if (called.DeclaringType == typeof(ServiceProviderServiceExtensions) && called.Name == method)
            {
                asked.Add(called.GetGenericArguments()[0]);
            }
        }
    }
}
