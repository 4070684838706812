namespace AgentWorkflows.Server.Hosting;

/// <summary>The composed product in this process, running. Disposing it drains the engine and closes the stores, in that order.</summary>
internal sealed class ServerRuntime(IServiceProvider services, string modelDescription, Func<ValueTask> close) : IAsyncDisposable
{
    private int _closed;

    /// <summary>All that <see cref="Composition"/> registered.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>What answers for the default deployment, such as <c>offline playbook, no language model</c>.</summary>
    public string ModelDescription { get; } = modelDescription;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            await close();
        }
    }
}

/// <summary>The stores alone, without an engine: for reading, and for deciding, while another process owns the engine.</summary>
internal sealed class StoreRuntime(IServiceProvider services, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>Has <c>ISessionStore</c>, <c>IApprovalStore</c>, <c>ICostLedger</c>, <c>ApprovalService</c> and <c>TimeProvider</c>.</summary>
    public IServiceProvider Services { get; } = services;

    public ValueTask DisposeAsync() => close();
}
