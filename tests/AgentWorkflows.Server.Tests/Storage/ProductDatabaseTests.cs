using AgentWorkflows.Sqlite;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>Many writes share a transaction; each has its own fate.</summary>
public sealed class ProductDatabaseTests : IAsyncLifetime
{
    private const int Timeout = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-writes-");
    private ProductDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));
        await _database.WriteAsync(db => db.Execute("CREATE TABLE marks (mark TEXT NOT NULL)"), default);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_write_that_throws_fails_its_caller_alone_and_leaves_nothing()
    {
        using var gate = new ManualResetEventSlim();
        var first = _database.WriteAsync(db => { gate.Wait(); return Mark(db, "first"); }, default);
        var good = _database.WriteAsync(db => Mark(db, "good"), default);
        var bad = _database.WriteAsync<int>(db => { Mark(db, "bad"); throw new InvalidOperationException("refused"); }, default);
        var last = _database.WriteAsync(db => Mark(db, "last"), default);
        gate.Set();

        var written = await Task.WhenAll(first, good, last);

        Assert.Equal([1, 1, 1], written);
        Assert.Equal("refused", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        Assert.Equal(["first", "good", "last"], Marks());
    }

    [Fact(Timeout = Timeout)]
    public async Task What_goes_along_is_written_before_the_write_it_goes_with_and_in_the_same_transaction()
    {
        var done = new TaskCompletionSource<int>();
        _database.WriteAlong(db => Mark(db, "along"), done.SetResult);
        await _database.WriteAsync(db => Mark(db, "next"), default);

        Assert.Equal(["along", "next"], Marks());
        Assert.Equal(1, await done.Task);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_nobody_follows_is_written_all_the_same()
    {
        var done = new TaskCompletionSource<int>();
        _database.WriteAlong(db => Mark(db, "alone"), done.SetResult);

        Assert.Equal(1, await done.Task);
        Assert.Equal(["alone"], Marks());
    }

    [Fact(Timeout = Timeout)]
    public async Task Closing_writes_what_was_to_go_along()
    {
        _database.WriteAlong(db => Mark(db, "along"), _ => { });
        await _database.DisposeAsync();
        _database = ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));

        Assert.Equal(["along"], Marks());
    }

    private static int Mark(SqlConnection db, string mark) => db.Execute("INSERT INTO marks VALUES ($1)", mark);

    private List<string> Marks() => _database.Read(db => db.Query("SELECT mark FROM marks ORDER BY rowid", reader => reader.GetString(0)));
}
