using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Server.Tests.Processes;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>The whole product in a folder of its own: real engine, stores and order desk; only the model and, where a test says so, tools are replaced.</summary>
internal sealed class SessionWorld : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentworkflows-").FullName;
    private readonly ApprovalSignals _signals = new();
    private readonly string _agents;
    private readonly TimeProvider _time;
    private ServiceProvider _services = null!;

    private SessionWorld(Action<IServiceCollection> adjust, string agents, TimeProvider time)
    {
        Adjust = adjust;
        _agents = agents;
        _time = time;
    }

    /// <summary>Replaces services at the next start.</summary>
    public Action<IServiceCollection> Adjust { get; set; }

    /// <summary>The agents as they are shipped.</summary>
    public static string ShippedAgents { get; } = Path.Combine(AppContext.BaseDirectory, "agents");

    public IApprovalStore ApprovalStore => _services.GetRequiredService<IApprovalStore>();

    public SessionService Sessions => _services.GetRequiredService<SessionService>();

    public ApprovalService Approvals => _services.GetRequiredService<ApprovalService>();

    public RollbackService Rollbacks => _services.GetRequiredService<RollbackService>();

    public ForkService Forks => _services.GetRequiredService<ForkService>();

    public SessionTermination Terminations => _services.GetRequiredService<SessionTermination>();

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IServiceProvider Services => _services;

    public ISessionStore Store => _services.GetRequiredService<ISessionStore>();

    public ICostLedger Ledger => _services.GetRequiredService<ICostLedger>();

    public IOrchestrationClient Orchestrations => _services.GetRequiredService<IOrchestrationClient>();

    /// <param name="model">Default: the offline playbook.</param>
    /// <param name="tools">Wraps the tools of the host.</param>
    /// <param name="adjust">Replaces further services.</param>
    /// <param name="agents">Default: the agents as they are shipped.</param>
    /// <param name="agent">Changes the sample agent, such as its policy.</param>
    /// <param name="time">Default: the system's.</param>
    /// <param name="channel">Where approvals are announced; default: nowhere.</param>
    public static async Task<SessionWorld> StartAsync(
        IChatModelCatalog? model = null, Func<IToolCatalog, IToolCatalog>? tools = null, Action<IServiceCollection>? adjust = null, string? agents = null,
        TimeProvider? time = null, Func<AgentDefinition, AgentDefinition>? agent = null, IApprovalChannel? channel = null)
    {
        var world = new SessionWorld(services =>
        {
            if (model is not null)
            {
                services.Replace(ServiceDescriptor.Singleton(model));
            }
            if (tools is not null)
            {
                services.Decorate(tools);
            }
            if (agent is not null)
            {
                services.Decorate<IAgentCatalog>(original => new AgentCatalog([.. original.Agents.Select(agent)]));
            }
            if (channel is not null)
            {
                services.AddSingleton(channel);
            }
            adjust?.Invoke(services);
        }, agents ?? ShippedAgents, time ?? TimeProvider.System);
        await world.OpenAsync();
        return world;
    }

    /// <summary>Stops everything and starts it again on the same files.</summary>
    /// <param name="meanwhile">What happens while nothing runs.</param>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await CloseAsync();
        meanwhile?.Invoke();
        await OpenAsync();
    }

    public async Task<string> StartSessionAsync(string goal, RequestedLimits? limits = null, string? sessionId = null)
    {
        var outcome = await Sessions.StartAsync(new StartSessionRequest
        {
            Agent = "order-desk",
            Goal = goal,
            Context = JsonSerializer.SerializeToElement(new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" }),
            TaskType = "refund",
            Limits = limits ?? new RequestedLimits(),
            SessionId = sessionId,
        }, CancellationToken.None);
        return Assert.IsType<StartSessionOutcome.Started>(outcome).SessionId;
    }

    /// <summary>The next approval any session asks for.</summary>
    public Task<ApprovalRequest> NextApprovalAsync() => _signals.NextAsync();

    public Task<bool> HasApprovalAsync() => _signals.AnyAsync();

    public async Task<DecideOutcome> DecideAsync(ApprovalRequest approval, DecisionKind kind, string? reason = null, object? arguments = null, string approver = "bo")
    {
        var result = await Approvals.DecideAsync(approval.Id, new DecideRequest
        {
            Decision = kind,
            Approver = approver,
            Reason = reason,
            Arguments = arguments is null ? null : JsonSerializer.SerializeToElement(arguments),
            ArgumentsHash = approval.ArgumentsHash,
        }, CancellationToken.None);
        return Assert.IsType<DecideResult.Done>(result).Outcome;
    }

    public async Task<SessionView> EndOfAsync(string sessionId) =>
        await Sessions.WaitForEndAsync(sessionId, CancellationToken.None) ?? throw new InvalidOperationException("There is no such session.");

    /// <summary>Where everything is kept.</summary>
    public string Folder => _folder;

    /// <summary>The order database, as it is now.</summary>
    public OrderDeskFile Orders => new(_folder);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A tool that was abandoned on purpose may still write to its file; the system clears its temporary folders.
        }
    }

    private async Task OpenAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddSingleton(_time);
        services.AddAgentWorkflows(new ConfigurationBuilder().AddEnvironmentVariables().Build()).UseEmbeddedEngine(_folder).AddAgents(_agents).AddOrderDesk();
        Adjust(services);
        services.Decorate<IApprovalStore>(store => new SignallingApprovalStore(store, _signals));
        _services = services.BuildServiceProvider();
        // What wraps the tools is there from the start, for tests that speak to it.
        _services.GetRequiredService<IToolCatalog>();
        // Without maintenance: nothing happens here but what a test does.
        await _services.GetRequiredService<EmbeddedHost>().OpenAsync(CancellationToken.None);
    }

    private async Task CloseAsync()
    {
        await _services.GetRequiredService<EmbeddedHost>().DisposeAsync();
        await _services.DisposeAsync();
    }
}
