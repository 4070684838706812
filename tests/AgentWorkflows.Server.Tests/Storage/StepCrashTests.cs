using AgentWorkflows.Sqlite;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>What tests of steps that die have in common: real stores in a folder of their own.</summary>
public abstract class StepCrashTests : IAsyncLifetime
{
    internal ProductDatabase Database { get; private set; } = null!;

    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("agentworkflows-crash-");

    internal SqliteSessionStore Store { get; private set; } = null!;

    internal SqliteCostLedger Ledger { get; private set; } = null!;

    public virtual Task InitializeAsync()
    {
        Database = ProductDatabase.Open(Path.Combine(Folder.FullName, "agentworkflows.db"));
        Store = new SqliteSessionStore(Database, TimeProvider.System);
        Ledger = new SqliteCostLedger(Database);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        Folder.Delete(recursive: true);
    }
}
