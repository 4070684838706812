using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What the suites share: each test has a store of its own, from <paramref name="open"/>.</summary>
public abstract class StoreConformance<TStore>(Func<Task<StoreUnderTest<TStore>>> open) : IAsyncLifetime
{
    protected const int TestTimeout = 600_000;

    private StoreUnderTest<TStore> _underTest = null!;

    protected static DateTimeOffset Noon { get; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken None => CancellationToken.None;

    protected TStore Store => _underTest.Store;

    public async Task InitializeAsync() => _underTest = await open();

    public async Task DisposeAsync() => await _underTest.DisposeAsync();

    protected Task ReopenAsync() => _underTest.ReopenAsync();
}
