using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;

namespace AgentWorkflows.Server.Hosting;

/// <summary>A running product without HTTP: what <c>run</c> uses, and what <c>serve</c> puts an API on.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly ServerRuntime _runtime;
    private readonly PendingDecisions _pending;
    private readonly OverdueReservations _overdue;

    private ServerHost(ServerRuntime runtime, PendingDecisions pending, OverdueReservations overdue)
    {
        _runtime = runtime;
        _pending = pending;
        _overdue = overdue;
    }

    public ServerRuntime Runtime => _runtime;

    /// <param name="adjust">Replaces services before anything starts; for tests.</param>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken, Action<IServiceCollection>? adjust = null)
    {
        var runtime = await Composition.OpenAsync(options, time, loggers, cancellationToken, adjust);
        var pending = new PendingDecisions(
            runtime.Services.GetRequiredService<ApprovalService>(), time, loggers.CreateLogger<PendingDecisions>());
        pending.Start();
        var overdue = new OverdueReservations(
            runtime.Services.GetRequiredService<ICostLedger>(), time, loggers.CreateLogger<OverdueReservations>());
        overdue.Start();
        return new ServerHost(runtime, pending, overdue);
    }

    public async ValueTask DisposeAsync()
    {
        await _pending.DisposeAsync();
        await _overdue.DisposeAsync();
        await _runtime.DisposeAsync();
    }
}
