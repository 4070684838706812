using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>A store on a product database file in a folder of its own.</summary>
internal sealed class ProductFile<TStore> : StoreUnderTest<TStore>
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-storage-");
    private readonly Func<ProductDatabase, TStore> _create;
    private ProductDatabase _database;
    private TStore _store;

    private ProductFile(Func<ProductDatabase, TStore> create)
    {
        _create = create;
        _database = Open();
        _store = create(_database);
    }

    public override TStore Store => _store;

    public ProductDatabase Database => _database;

    public static Func<Task<StoreUnderTest<TStore>>> Of(Func<ProductDatabase, TStore> create) =>
        () => Task.FromResult<StoreUnderTest<TStore>>(new ProductFile<TStore>(create));

    public override async Task ReopenAsync()
    {
        await _database.DisposeAsync();
        _database = Open();
        _store = _create(_database);
    }

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private ProductDatabase Open() => ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));
}
