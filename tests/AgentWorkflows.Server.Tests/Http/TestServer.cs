using AgentWorkflows.Agents;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The real composition on a temporary folder, with Kestrel on a free port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ServerHost _host;
    private readonly ApiServer _api;
    private readonly DirectoryInfo _folder;

    private TestServer(ServerHost host, ApiServer api, DirectoryInfo folder)
    {
        _host = host;
        _api = api;
        _folder = folder;
        Http = new HttpClient { BaseAddress = new Uri(api.Urls.First()) };
    }

    public HttpClient Http { get; }

    public string Folder => _folder.FullName;

    public IServiceProvider Services => _host.Runtime.Services;

    public static Task<TestServer> StartAsync(params ApiKey[] keys) => StartAsync(null, keys);

    /// <param name="adjust">Replaces services before anything starts.</param>
    public static Task<TestServer> StartAsync(Action<IServiceCollection>? adjust, params ApiKey[] keys) => StartAsync(adjust, NullLoggerFactory.Instance, keys);

    /// <param name="adjust">Replaces services before anything starts.</param>
    /// <param name="loggers">Who is told what is logged.</param>
    public static async Task<TestServer> StartAsync(Action<IServiceCollection>? adjust, ILoggerFactory loggers, params ApiKey[] keys)
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-");
        var options = new ServerOptions { DataDirectory = folder.FullName, Urls = "http://127.0.0.1:0", ApiKeys = keys };
        var host = await ServerHost.StartAsync(options, TimeProvider.System, loggers, CancellationToken.None, adjust);
        var api = await ApiServer.StartAsync(options, host.Runtime.Services, loggers, CancellationToken.None);
        return new TestServer(host, api, folder);
    }

    public static void ChangeAgents(IServiceCollection services, Func<AgentDefinition, AgentDefinition> change)
    {
        var original = (IAgentCatalog)services.Single(service => service.ServiceType == typeof(IAgentCatalog)).ImplementationInstance!;
        services.Replace(ServiceDescriptor.Singleton<IAgentCatalog>(new AgentCatalog([.. original.Agents.Select(change)])));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _api.StopAsync(CancellationToken.None);
        await _api.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
