using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Tests.Conformance;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Sessions;

/// <summary>The whole product on the official Durable Task engine: real orchestrators, activities, stores and order desk, through the adapter.</summary>
internal sealed class DurableTaskWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-durabletask-");
    private readonly ApprovalSignals _signals = new();
    private ProductDatabase _database = null!;
    private ServiceProvider _services = null!;
    private DurableTaskEngine _engine = null!;

    public SessionService Sessions => _services.GetRequiredService<SessionService>();

    public SessionTermination Terminations => _services.GetRequiredService<SessionTermination>();

    public ApprovalService Approvals => _services.GetRequiredService<ApprovalService>();

    public IApprovalStore ApprovalStore => _services.GetRequiredService<IApprovalStore>();

    public IOrchestrationClient Orchestrations => _engine.Client;

    public DurableTaskEngine Engine => _engine;

    /// <param name="model">Default: the offline playbook.</param>
    public static async Task<DurableTaskWorld> StartAsync(
        IChatModelCatalog? model = null, Func<IToolCatalog, IToolCatalog>? tools = null, Action<DurableRegistry>? register = null)
    {
        var world = new DurableTaskWorld();
        var services = world.Compose(model, tools ?? (all => all));
        world._services = services.BuildServiceProvider();
        var registry = new DurableRegistry().AddAgentWorkflows();
        register?.Invoke(registry);
        world._engine = await DurableTaskEngine.OpenAsync(registry, world._services);
        return world;
    }

    public async Task<string> StartSessionAsync(string goal, RequestedLimits? limits = null)
    {
        var outcome = await Sessions.StartAsync(new StartSessionRequest
        {
            Agent = "order-desk",
            Goal = goal,
            Context = JsonSerializer.SerializeToElement(new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" }),
            TaskType = "refund",
            Limits = limits ?? new RequestedLimits(),
        }, CancellationToken.None);
        return Assert.IsType<StartSessionOutcome.Started>(outcome).SessionId;
    }

    public Task<ApprovalRequest> NextApprovalAsync() => _signals.NextAsync();

    public Task DecideAsync(ApprovalRequest approval, DecisionKind kind, string? reason = null) => Approvals.DecideAsync(approval.Id, new DecideRequest
    {
        Decision = kind,
        Approver = "bo",
        Reason = reason,
        ArgumentsHash = approval.ArgumentsHash,
    }, CancellationToken.None);

    /// <summary>The worker and its host are gone for a moment; what is stored stays.</summary>
    public Task RestartAsync() => _engine.RestartAsync(TimeSpan.Zero);

    public async Task<SessionView> EndOfAsync(string sessionId) =>
        await Sessions.WaitForEndAsync(sessionId, CancellationToken.None) ?? throw new InvalidOperationException("There is no such session.");

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Beside the program lie the agents of both hosts; this one has the order desk's tools only.</summary>
    private string CopyAgents()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "agents");
        var agents = _folder.CreateSubdirectory("agents");
        File.Copy(Path.Combine(source, "prices.yaml"), Path.Combine(agents.FullName, "prices.yaml"));
        var desk = agents.CreateSubdirectory("order-desk");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "order-desk")))
        {
            File.Copy(file, Path.Combine(desk.FullName, Path.GetFileName(file)));
        }
        return agents.FullName;
    }

    /// <summary>For sessions longer than the sample agent allows.</summary>
    private static AgentDefinition WithRoom(AgentDefinition agent) => agent with
    {
        Limits = agent.Limits with { MaxIterations = 100, MaxToolCalls = 100, MaxTokens = 1_000_000 },
    };

    private ServiceCollection Compose(IChatModelCatalog? model, Func<IToolCatalog, IToolCatalog> wrap)
    {
        _database = ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));
        var tools = new ToolCatalog(OrderDeskTools.Create(Path.Combine(_folder.FullName, "order-desk.db"), TimeProvider.System));
        var agents = Assert.IsType<AgentLoadResult.Loaded>(AgentFolder.Load(CopyAgents(), tools));
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<ISessionStore>(new SqliteSessionStore(_database, TimeProvider.System));
        services.AddSingleton<IApprovalStore>(new SignallingApprovalStore(new SqliteApprovalStore(_database), _signals));
        services.AddSingleton<ICostLedger>(new SqliteCostLedger(_database));
        services.AddSingleton(wrap(tools)).AddSingleton<IAgentCatalog>(new AgentCatalog([.. agents.Agents.Select(WithRoom)]));
        services.AddSingleton<PlaybookModel>();
        services.AddSingleton(provider => model ?? new ModelCatalog(provider.GetRequiredService<PlaybookModel>(), new ModelSettings()));
        services.AddSingleton<IOrchestrationClient>(_ => _engine.Client);
        services.AddAgentWorkflows();
        return services;
    }
}
