namespace AgentWorkflows.Testing.Conformance;

/// <summary>An empty store of its own for one test, which can be closed and opened again on what it has kept.</summary>
public abstract class StoreUnderTest<TStore> : IAsyncDisposable
{
    public abstract TStore Store { get; }

    /// <summary>Closes the store and opens it again on the same data, as after a restart.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();
}
