using System.Collections.Concurrent;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests;

public sealed class ReaderPoolTests
{
    [Fact(Timeout = 60_000)]
    public async Task Dispose_WaitsForTheReaderAtWork_AndLetsNobodyOpenTheFileAgain()
    {
        var folder = Directory.CreateTempSubdirectory("reader-pool-");
        var path = Path.Combine(folder.FullName, "engine.db");
        using (new SqliteDatabase(path))
        {
        }
        var pool = new ReaderPool(path);
        var order = new ConcurrentQueue<string>();
        using var started = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var reading = Task.Run(() => pool.Use(0, (_, _) =>
        {
            started.Release();
            goOn.Wait();
            order.Enqueue("read");
            return 42;
        }));
        await started.WaitAsync();

        var disposing = Task.Run(() =>
        {
            pool.Dispose();
            order.Enqueue("disposed");
        });
        while (!IsClosed(pool))
        {
            await Task.Yield();
        }
        goOn.Set();
        await disposing;
        folder.Delete(recursive: true);

        Assert.Equal(42, await reading);
        Assert.Equal(["read", "disposed"], order);
        Assert.True(IsClosed(pool));
        Assert.False(File.Exists(path));
    }

    private static bool IsClosed(ReaderPool pool)
    {
        try
        {
            pool.Use(0, (_, _) => 0);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
