using System.Runtime.CompilerServices;
using System.Text;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>What a disk can do to the file: each gives a clear error or a correct continuation, never silent loss.</summary>
public class StorageFaultTests
{
    private const int Limit = 120_000;
    private static readonly string Text = new('t', 3000);

    [Theory(Timeout = Limit)]
    [InlineData("PRAGMA max_page_count=40", "PRAGMA max_page_count=1000000", "The disk is full: make room")]
    [InlineData("PRAGMA query_only=1", "PRAGMA query_only=0", "The file may not be written: check the rights")]
    public async Task StoreThatTakesNoMore_SaysWhy_AndGoesOnWhenItCan(string breakIt, string repair, string message)
    {
        SqliteStore? store = null;
        await using var host = Waiting();
        host.Decorate = inner => store = (SqliteStore)inner;
        await host.OpenAsync();
        await host.StartAsync("waiting", Text, "before");
        await host.RecordedAsync("before", "TurnStarted");
        Writer(store!).Execute(breakIt);

        var (started, refused) = (new List<string> { "before" }, new List<EngineStorageException>());
        for (var i = 0; i < 60; i++)
        {
            try
            {
                started.Add(await host.StartAsync("waiting", Text, $"i{i}"));
            }
            catch (EngineStorageException e)
            {
                refused.Add(e);
            }
        }
        Assert.Contains(message, Assert.Single(refused.Select(e => e.Message).Distinct()), StringComparison.Ordinal);
        var raise = await Assert.ThrowsAsync<EngineStorageException>(() => RaiseAsync(host, "before", new string('x', 20_000)));
        Assert.Contains(message, raise.Message, StringComparison.Ordinal);

        Writer(store!).Execute(repair);
        // Whatever was confirmed is there, and goes on; whatever was refused is not, and can be asked for again.
        await host.RestartAsync();
        foreach (var id in started)
        {
            await RaiseAsync(host, id, "go");
            Assert.Equal("go", (await host.FinishedAsync(id)).ReadOutputAs<string>());
        }
        Assert.Equal(61, started.Count + refused.Count);
        Assert.Equal(started.Count, (await host.Engine.QueryInstancesAsync(new OrchestrationQuery())).Instances.Count);
        Assert.Empty(StoreCheck.Run(host.DatabasePath).Problems);
    }

    [Fact(Timeout = Limit)]
    public async Task StoreThatRecovers_LetsWhatWaitedGoOn_WithoutARestart()
    {
        SqliteStore? store = null;
        await using var host = Waiting();
        host.Decorate = inner => store = (SqliteStore)inner;
        await host.OpenAsync();
        await host.StartAsync("calling", "", "i");
        await host.RecordedAsync("i", "TurnStarted");
        Writer(store!).Execute("PRAGMA query_only=1");
        await Assert.ThrowsAsync<EngineStorageException>(() => RaiseAsync(host, "i", "go"));
        Writer(store!).Execute("PRAGMA query_only=0");
        // The engine tries again by itself after a while.
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        var raised = false;
        while (!raised)
        {
            try
            {
                await RaiseAsync(host, "i", "go");
                raised = true;
            }
            catch (EngineStorageException)
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }
        Assert.Equal("go!", (await host.FinishedAsync("i")).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task DamagedPage_IsReported_AndTheOtherInstancesGoOn()
    {
        await using var host = Waiting();
        await ManyAsync(host, 60);
        var page = PageOf(host.DatabasePath, "marker-30-");
        using (var file = File.OpenHandle(host.DatabasePath, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.Write(file, Enumerable.Repeat((byte)0xFF, 200).ToArray(), page * 4096L);
        }

        var report = StoreCheck.Run(host.DatabasePath);
        Assert.NotEmpty(report.Problems);
        await host.OpenAsync();
        var damaged = await Assert.ThrowsAsync<EngineStorageException>(() => RaiseAsync(host, "i30", "go"));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("check-store", damaged.Message, StringComparison.Ordinal);
        foreach (var id in new[] { "i1", "i59" })
        {
            await RaiseAsync(host, id, "go");
            Assert.Equal("go", (await host.FinishedAsync(id)).ReadOutputAs<string>());
        }
    }

    [Fact(Timeout = Limit)]
    public async Task RecordThatCannotBeRead_NamesItsInstance_AndTheOthersGoOn()
    {
        await using var host = Waiting();
        await ManyAsync(host, 3);
        Sql(host, "UPDATE history SET events = x'01FF' WHERE seq = 1 AND instance = (SELECT key FROM instance WHERE id = 'i1')");

        Assert.Contains(StoreCheck.Run(host.DatabasePath).Problems, problem => problem.Where == "i1" && problem.What.Contains("record 1 cannot be read", StringComparison.Ordinal));
        await host.OpenAsync();
        var unreadable = await Assert.ThrowsAsync<EngineStorageException>(() => RaiseAsync(host, "i1", "go"));
        Assert.Contains("The history of instance 'i1' cannot be read", unreadable.Message, StringComparison.Ordinal);
        await RaiseAsync(host, "i2", "go");
        Assert.Equal("go", (await host.FinishedAsync("i2")).ReadOutputAs<string>());
    }

    [Theory(Timeout = Limit)]
    [InlineData("DELETE FROM instance WHERE id = 'i1'", "records without an instance")]
    [InlineData("DELETE FROM history WHERE instance = (SELECT key FROM instance WHERE id = 'i1')", "i1: has no history")]
    [InlineData("DELETE FROM history WHERE seq = 0 AND instance = (SELECT key FROM instance WHERE id = 'i1')", "i1: its history does not begin with its start")]
    [InlineData("UPDATE instance SET status = 3 WHERE id = 'i1'", "i1: its status is Completed, but its history ends with TurnStarted")]
    [InlineData("DELETE FROM history WHERE seq = 1 AND instance = (SELECT key FROM instance WHERE id = 'i1')", "i1: has work to do, but is not marked busy")]
    public async Task CheckStore_FindsWhatDoesNotFit(string damage, string problem)
    {
        await using var host = Waiting();
        await ManyAsync(host, 3);
        var whole = StoreCheck.Run(host.DatabasePath);
        Assert.Equal((3, 0), (whole.Instances, whole.Problems.Count));
        Sql(host, damage);
        Assert.Contains(StoreCheck.Run(host.DatabasePath).Problems, found => $"{found.Where}: {found.What}".Contains(problem, StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task WalCutAnywhere_GivesAnEarlierState_FromWhichEverythingGoesOn()
    {
        await using var host = Waiting();
        await host.OpenAsync();
        for (var i = 0; i < 12; i++)
        {
            await host.StartAsync("calling", "", $"i{i}");
            await RaiseAsync(host, $"i{i}", "go");
        }
        foreach (var i in Enumerable.Range(0, 12))
        {
            await host.FinishedAsync($"i{i}");
        }
        // As after a power cut on a disk that lied: the file as it is now, and less and less of the log.
        var (file, log) = (Bytes(host.DatabasePath), Bytes(host.DatabasePath + "-wal"));
        await host.CloseAsync();
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 12).Select(_ => random.Next(log.Length)).Append(0).Append(log.Length);
        foreach (var length in lengths)
        {
            File.Delete(host.DatabasePath + "-shm");
            await File.WriteAllBytesAsync(host.DatabasePath, file);
            await File.WriteAllBytesAsync(host.DatabasePath + "-wal", log[..length]);
            await host.OpenAsync();
            foreach (var i in Enumerable.Range(0, 12))
            {
                await host.Engine.ScheduleNewOrchestrationInstanceAsync("calling", "", new StartOrchestrationOptions { InstanceId = $"i{i}" });
                await host.Engine.RaiseEventAsync($"i{i}", "go", "go");
                Assert.Equal("go!", (await host.FinishedAsync($"i{i}")).ReadOutputAs<string>());
            }
            Assert.Empty(StoreCheck.Run(host.DatabasePath).Problems);
            await host.CloseAsync();
        }
    }

    [Fact(Timeout = Limit)]
    public async Task ClockSetBack_MakesNoTurnGoBack_AndNoTimerLost()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("o", async (context, _) =>
        {
            var first = context.CurrentUtcDateTime;
            var deadline = context.CreateTimer(first + TimeSpan.FromMinutes(10));
            await context.WaitForExternalEvent<int>("go");
            var second = context.CurrentUtcDateTime;
            await deadline;
            return $"{second >= first} {context.CurrentUtcDateTime >= first + TimeSpan.FromMinutes(10)}";
        });
        await host.OpenAsync();
        var start = host.Clock.GetUtcNow();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TimerCreated");
        host.Clock.SetUtcNow(start - TimeSpan.FromHours(1));
        await host.Engine.RaiseEventAsync(id, "go", 1);
        await host.HistoryAsync(id, history => history.Count(entry => entry.Kind == "TurnStarted") == 2);
        await host.RestartAsync();
        for (var i = 0; i < 80; i++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal("True True", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task FileThatIsNoDatabase_OrCannotBe_IsRefusedWithAdvice()
    {
        await using var host = Waiting();
        await File.WriteAllTextAsync(host.DatabasePath, new string('x', 10_000));
        var refused = await Assert.ThrowsAsync<EngineStorageException>(() => OpenAsync(host.DatabasePath));
        Assert.Contains("not a SQLite database: choose another path", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 10_000), await File.ReadAllTextAsync(host.DatabasePath));

        var below = await Assert.ThrowsAsync<EngineStorageException>(() => OpenAsync(Path.Combine(host.DatabasePath, "engine.db")));
        Assert.Contains("Check that the folder exists", below.Message, StringComparison.Ordinal);
        Assert.Throws<EngineStorageException>(() => StoreCheck.Run(host.DatabasePath + ".missing"));

        Task<EmbeddedEngine> OpenAsync(string path) => EmbeddedEngine.OpenAsync(new EngineOptions { DatabasePath = path }, host.Registry, new NoServices());
    }

    private static EngineHost Waiting() => new EngineHost()
        .Orchestrator<string, string>("waiting", (context, _) => context.WaitForExternalEvent<string>("go"))
        .Orchestrator<string, string>("calling", async (context, _) => await context.CallActivityAsync<string>("shout", await context.WaitForExternalEvent<string>("go")))
        .Activity<string, string>("shout", text => text + "!");

    /// <summary>A closed database with instances that wait.</summary>
    private static async Task ManyAsync(EngineHost host, int count)
    {
        await host.OpenAsync();
        for (var i = 0; i < count; i++)
        {
            await host.StartAsync("waiting", $"marker-{i}-{Text}", $"i{i}");
            await host.RecordedAsync($"i{i}", "TurnStarted");
        }
        await host.CloseAsync();
    }

    private static Task<CommandOutcome> RaiseAsync(EngineHost host, string id, string payload) => host.Engine.RaiseEventAsync(id, "go", payload);

    private static long PageOf(string path, string marker)
    {
        var at = File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker));
        Assert.True(at > 0);
        return at / 4096;
    }

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void Sql(EngineHost host, string sql)
    {
        using var database = new SqliteDatabase(host.DatabasePath);
        database.Execute(sql);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writer")]
    private static extern ref SqliteDatabase WriterField(SqliteStore store);

    /// <summary>The connection that the engine writes with. Only while nothing is being written.</summary>
    private static SqliteDatabase Writer(SqliteStore store) => WriterField(store);

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
