using System.Text.Json;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.DurableHost.Engine;

/// <summary>
/// A WebJobs host with the official Durable Functions extension and its Azure Storage provider, as the Functions platform has them: its
/// settings, its way to call
/// orchestrators and activities that are elsewhere, its endpoint for durable clients.
/// </summary>
public sealed class OfficialEngine : IAsyncDisposable
{
    /// <summary>Where the WebJobs host looks for what the Functions platform reads from host.json.</summary>
    private const string HostJsonSection = "AzureWebJobs";

    /// <summary>
    /// Who the extension works for; and that this is not the consumption plan, where it writes each event of its own to the console.
    /// </summary>
    private static readonly Dictionary<string, string?> Platform = new()
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
        ["CONTAINER_NAME"] = "",
    };

    private readonly IHost _host;

    private OfficialEngine(IHost host) => _host = host;

    /// <summary>What a worker gets as its durable client.</summary>
    public string ClientText => _host.Services.GetRequiredService<DurableClientText>().Text;

    /// <summary>The extension's own endpoint for durable clients.</summary>
    public Uri RpcEndpoint
    {
        get
        {
            using var json = JsonDocument.Parse(ClientText);
            return new Uri(json.RootElement.GetProperty("rpcBaseUrl").GetString()!);
        }
    }

    /// <param name="settings">Application settings; <c>AzureWebJobsStorage</c> is needed.</param>
    /// <param name="hostJson">Settings of host.json, by their path with colons.</param>
    /// <param name="functions">The app's orchestrators and activities.</param>
    /// <param name="runner">Runs them.</param>
    /// <param name="logging">Where the host's log goes.</param>
    public static async Task<OfficialEngine> StartAsync(
        IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string?> hostJson,
        IReadOnlyList<DurableFunction> functions, IFunctionRunner runner,
        Action<ILoggingBuilder> logging)
    {
        var type = FunctionClass.Write(functions);
        var host = new HostBuilder()
            .ConfigureLogging(logging)
            .ConfigureServices(services =>
            {
                services.AddSingleton<ITypeLocator>(new OneClass(type)).AddSingleton(runner).AddSingleton<DurableClientText>();
                services.AddSingleton<IHostIdProvider, OneHostId>();
#pragma warning disable CS0618 // The extension asks for it; nobody but the platform is meant to have one.
                services.AddSingleton<IWebHookProvider, NoWebHooks>();
#pragma warning restore CS0618
            })
            .ConfigureWebJobs(jobs => WithoutTelemetry(jobs.AddAzureStorageCoreServices().AddDurableTask().Services))
            .ConfigureAppConfiguration(configuration =>
            {
                configuration.AddInMemoryCollection(
                    hostJson.Select(setting => KeyValuePair.Create($"{HostJsonSection}:{setting.Key}", setting.Value)));
                configuration.AddInMemoryCollection(settings);
                configuration.AddInMemoryCollection(Platform);
            })
            .Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IJobHost>().CallAsync(FunctionClass.ClientFunction, new Dictionary<string, object>());
        return new OfficialEngine(host);
    }

    /// <summary>Stops as the platform does: what runs is cut off and given back to the queues.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>
    /// The extension's own sender to Application Insights is made for version 2 of its library; where the app's version 3 is in the
    /// same process it cannot be loaded.
    /// </summary>
    private static void WithoutTelemetry(IServiceCollection services)
    {
        foreach (var service in services.Where(service =>
            IsTelemetry(service.ServiceType) || IsTelemetry(service.ImplementationType)
            || IsTelemetry(service.ImplementationFactory?.Method.DeclaringType)).ToList())
        {
            services.Remove(service);
        }
    }

    private static bool IsTelemetry(Type? type) =>
        type?.Namespace == $"{typeof(DurableTaskExtension).Namespace}.Correlation" || type?.Name == "ITelemetryActivator";

    private sealed class OneClass(Type type) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [type];
    }

    private sealed class OneHostId : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult("agentworkflows");
    }

#pragma warning disable CS0618
    /// <summary>The extension's HTTP management API is not served here; links to it are nobody's.</summary>
    private sealed class NoWebHooks : IWebHookProvider
    {
        public Uri GetUrl(IExtensionConfigProvider extension) => new("http://localhost/");
    }
#pragma warning restore CS0618
}
