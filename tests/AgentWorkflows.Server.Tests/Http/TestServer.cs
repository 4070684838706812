using AgentWorkflows.Agents;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The real composition on a temporary folder, with Kestrel on a free port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private TestServer(WebApplication app, DirectoryInfo folder)
    {
        _app = app;
        _folder = folder;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public string Folder => _folder.FullName;

    public IServiceProvider Services => _app.Services;

    public static Task<TestServer> StartAsync(params ApiKey[] keys) => StartAsync(null, keys);

    /// <param name="adjust">Replaces services before anything starts.</param>
    public static Task<TestServer> StartAsync(Action<IServiceCollection>? adjust, params ApiKey[] keys) => StartAsync(adjust, NullLoggerFactory.Instance, keys);

    /// <param name="adjust">Replaces services before anything starts.</param>
    /// <param name="loggers">Who is told what is logged.</param>
    public static async Task<TestServer> StartAsync(Action<IServiceCollection>? adjust, ILoggerFactory loggers, params ApiKey[] keys)
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(folder.FullName)
            .AddAgents(Path.Combine(AppContext.BaseDirectory, "agents")).AddOrderDesk();
        builder.Services.AddSingleton(Options.Create(new ApiKeySettings { Keys = keys }));
        adjust?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapAgentWorkflows().RefuseOtherAddresses();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return new TestServer(app, folder);
    }

    public static void ChangeAgents(IServiceCollection services, Func<AgentDefinition, AgentDefinition> change) =>
        services.Decorate<IAgentCatalog>(original => new AgentCatalog([.. original.Agents.Select(change)]));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
