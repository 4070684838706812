using System.Globalization;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Testing.Conformance;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tests;

/// <summary>A store on tables of its own in the emulator.</summary>
internal sealed class TableFile<TStore> : StoreUnderTest<TStore>
{
    private readonly string _prefix;
    private readonly Func<StorageTables, TStore> _create;
    private TStore _store;

    private TableFile(string prefix, StorageTables tables, Func<StorageTables, TStore> create)
    {
        _prefix = prefix;
        _create = create;
        _store = create(tables);
    }

    public override TStore Store => _store;

    public static Func<Task<StoreUnderTest<TStore>>> Of(Func<StorageTables, TStore> create) => async () =>
    {
        var prefix = TestTables.NewPrefix();
        return new TableFile<TStore>(prefix, await TestTables.OpenAsync(prefix), create);
    };

    public override async Task ReopenAsync() => _store = _create(await TestTables.OpenAsync(_prefix));

    // The emulator keeps its data in memory and ends with the tests.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal static class TestTables
{
    private static int _count;

    public static string NewPrefix() => "t" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture) + "x";

    public static async Task<StorageTables> OpenAsync(string prefix) =>
        await StorageTables.OpenAsync(new TableServiceClient((await Azurite.GetAsync()).ConnectionString), prefix, CancellationToken.None);
}
