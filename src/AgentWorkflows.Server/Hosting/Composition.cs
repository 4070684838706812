using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Sessions;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The composition root: the only place that knows which implementation stands behind each port.</summary>
internal static class Composition
{
    internal const string EngineFile = "engine.db";
    internal const string ProductFile = "agentworkflows.db";
    private const string OrderDeskFile = "order-desk.db";

    /// <summary>Everything, with the engine running.</summary>
    /// <param name="adjust">Replaces services before anything starts; for tests.</param>
    /// <exception cref="DataFolderInUseException">Another process owns the data folder.</exception>
    /// <exception cref="StartupException">The agents, the configuration or the data folder are not usable.</exception>
    internal static async Task<ServerRuntime> OpenAsync(
        ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken, Action<IServiceCollection>? adjust = null)
    {
        var data = Directory.CreateDirectory(options.DataDirectory).FullName;
        var (provider, database, engine) = Compose(options, data, time, loggers, adjust);
        try
        {
            engine.Engine = await OpenEngineAsync(data, provider, time, loggers, cancellationToken);
        }
        catch
        {
            await provider.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
        var models = provider.GetRequiredService<IChatModelCatalog>();
        return new ServerRuntime(provider, models.Describe("default"), async () =>
        {
            await engine.Engine.DisposeAsync();
            await provider.DisposeAsync();
            await database.DisposeAsync();
        });
    }

    /// <summary>Everything but a running engine: for looking at what would run, also while another process owns the engine.</summary>
    internal static StoreRuntime OpenWithoutEngine(ServerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var data = Directory.CreateDirectory(options.DataDirectory).FullName;
        var (provider, database, _) = Compose(options, data, time, loggers, null);
        return new StoreRuntime(provider, async () =>
        {
            await provider.DisposeAsync();
            await database.DisposeAsync();
        });
    }

    /// <summary>The tools of this host. Their files are opened by their first call.</summary>
    internal static ToolCatalog CreateTools(string data, TimeProvider time) => new(OrderDeskTools.Create(Path.Combine(data, OrderDeskFile), time));

    private static (ServiceProvider Provider, ProductDatabase Database, EngineHolder Engine) Compose(
        ServerOptions options, string data, TimeProvider time, ILoggerFactory loggers, Action<IServiceCollection>? adjust)
    {
        var tools = CreateTools(data, time);
        var settings = ReadModels();
        var agents = LoadAgents(AgentsDirectory(options), tools, time, settings);
        var approvalKeys = ApprovalKeys.Open(options.ApprovalKeys, data);
        var database = OpenProduct(data);
        var services = new ServiceCollection();
        AddStores(services, database, time, options);
        services.AddApprovalLinks(options, approvalKeys);
        services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IToolCatalog>(tools).AddSingleton<IAgentCatalog>(agents);
        services.AddSingleton<PlaybookModel>();
        services.AddSingleton<IChatModelCatalog>(provider => new ModelCatalog(provider.GetRequiredService<PlaybookModel>(), settings));
        services.AddAgentWorkflows();
        // The engine runs the activities, which need the services, which need the engine: it is opened last and found through this holder.
        var engine = new EngineHolder();
        services.AddSingleton<IOrchestrationClient>(_ => engine.Engine);
        services.AddSingleton<IReplayCheck>(_ => new EngineReplayCheck(engine.Engine));
        services.AddSingleton(new HostReadinessSettings(options.ApiKeys, [AgentsDirectory(options)])).AddSingleton<HostReadiness>();
        services.AddSingleton<IReadinessCheck>(provider => ActivatorUtilities.CreateInstance<ServerReadiness>(provider, new DataFolder(options.DataDirectory), database));
        adjust?.Invoke(services);
        return (services.BuildServiceProvider(), database, engine);
    }

    /// <summary>The stores only; works while another process runs the engine.</summary>
    /// <exception cref="StartupException">There is no data in the folder, or it cannot be read.</exception>
    internal static StoreRuntime OpenStores(ServerOptions options, TimeProvider time)
    {
        if (!HasData(options))
        {
            throw new StartupException(NoData(options));
        }
        var database = OpenProduct(options.DataDirectory);
        var services = new ServiceCollection();
        AddStores(services, database, time, options);
        services.AddSingleton<AgentSnapshots>().AddSingleton<PlaybookModel>();
        services.AddSingleton<IPlaybooks>(provider => provider.GetRequiredService<AgentSnapshots>());
        // Reading what happened needs no model, so what is wrong with their configuration is not told here.
        services.AddSingleton<IChatModelCatalog>(provider => new ModelCatalog(
            provider.GetRequiredService<PlaybookModel>(), ModelSettings.Read(Configuration.OfModels(Environment.CurrentDirectory)).Settings));
        services.AddSingleton<IDecisionDelivery, LaterDelivery>();
        services.AddApprovalDecisions();
        var provider = services.BuildServiceProvider();
        return new StoreRuntime(provider, async () =>
        {
            await provider.DisposeAsync();
            await database.DisposeAsync();
        });
    }

    internal static bool HasData(ServerOptions options) => File.Exists(Path.Combine(options.DataDirectory, ProductFile));

    internal static string NoData(ServerOptions options) =>
        $"There is no data in '{options.DataDirectory}'. Start a session with 'agentworkflows run', or name the folder with --data.";

    private static void AddStores(IServiceCollection services, ProductDatabase database, TimeProvider time, ServerOptions options)
    {
        services.AddSingleton(time);
        var feed = new LiveFeed();
        services.AddSingleton(feed);
        services.AddSingleton<ISessionStore>(new SqliteSessionStore(database, time, feed.Notify));
        services.AddSingleton<ISessionCounts>(new SqliteSessionCounts(database));
        services.AddSingleton<IApprovalStore>(new SqliteApprovalStore(database));
        services.AddSingleton<ICostLedger>(new SqliteCostLedger(database));
        services.AddSingleton(options.Costs.Caps).AddSingleton(options.Costs.Reports).AddSingleton<ReportService>();
        services.AddSingleton<IDailyClaims>(new SqliteDailyClaims(database)).AddSingleton<IRetentionStore>(new SqliteRetention(database));
        services.AddSingleton(options.Reports).AddSingleton(options.Retention).AddSingleton<IReportDocument, ReportDocument>();
    }

    private static ProductDatabase OpenProduct(string data)
    {
        try
        {
            return ProductDatabase.Open(Path.Combine(data, ProductFile));
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or NewerDatabaseException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{data}' cannot be used: {e.Message}", e);
        }
    }

    private static async Task<EmbeddedEngine> OpenEngineAsync(
        string data, IServiceProvider services, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var registry = new DurableRegistry().AddAgentWorkflows();
        try
        {
            return await EmbeddedEngine.OpenAsync(
                new EngineOptions { DatabasePath = Path.Combine(data, EngineFile) }, registry, services, time, loggers, cancellationToken);
        }
        catch (DatabaseInUseException e)
        {
            throw new DataFolderInUseException(e.Message, e);
        }
    }

    private static ModelSettings ReadModels()
    {
        var (settings, problems) = ModelSettings.Read(Configuration.OfModels(Environment.CurrentDirectory));
        return problems.Count == 0 ? settings : throw new StartupException(
            string.Join(Environment.NewLine, ["The models are not configured well:", .. problems.Select(problem => "  " + problem)]));
    }

    internal static string AgentsDirectory(ServerOptions options)
    {
        if (options.AgentsDirectory is { } chosen)
        {
            return Directory.Exists(chosen) ? chosen : throw new StartupException($"There is no agents folder '{chosen}'.");
        }
        return Directory.Exists("agents") ? "agents" : Path.Combine(AppContext.BaseDirectory, "agents");
    }

    private static AgentCatalog LoadAgents(string directory, IToolCatalog tools, TimeProvider time, ModelSettings models) => AgentFolder.Load(directory, tools, time, models.ProblemOf) switch
    {
        AgentLoadResult.Loaded loaded => new AgentCatalog(loaded.Agents, loaded.Prices, time),
        AgentLoadResult.Invalid invalid => throw new StartupException(
            string.Join(Environment.NewLine, ["The agents are not valid:", .. invalid.Problems.Select(problem => "  " + problem)])),
        var other => throw new InvalidOperationException($"Unknown load result {other.GetType().Name}."),
    };

    /// <summary>Whoever runs the engine on these stores looks for new decisions by itself.</summary>
    private sealed class LaterDelivery : IDecisionDelivery
    {
        public Task<bool> DeliverAsync(UndeliveredDecision decision, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private sealed class EngineHolder
    {
        private EmbeddedEngine? _engine;

        public EmbeddedEngine Engine
        {
            get => _engine ?? throw new InvalidOperationException("The engine is not open yet.");
            set => _engine = value;
        }
    }
}
