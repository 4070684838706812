using System.Diagnostics;
using System.Text.Json;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.Engine;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Sessions;
using AgentWorkflows.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderDesk;

namespace AgentWorkflows.Benchmarks;

/// <summary>Whole look-up sessions (two plans, one read) of the sample agent with the offline playbook, on the host that its program has.</summary>
internal sealed class SessionsBenchmark : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SessionService _sessions;
    private readonly ProductDatabase _database;
    private readonly EmbeddedEngine _engine;
    private int _next;

    private SessionsBenchmark(WebApplication app)
    {
        (_app, _sessions) = (app, app.Services.GetRequiredService<SessionService>());
        (_database, _engine) = (app.Services.GetRequiredService<ProductDatabase>(), app.Services.GetRequiredService<EmbeddedHost>().Engine);
    }

    public sealed record Result(
        int InFlight, double SessionsPerSecond, double StepsPerSecond, double StepsPerSession, double SessionP50Millis, double SessionP99Millis, double CpuMillisPerSession,
        double AllocatedBytesPerStep, double EngineCommitsPerSession, double ProductCommitsPerSession, double BytesPerSession)
    {
        /// <summary>Each commit is one sync of a write-ahead log; those of checkpoints, one pair for thousands of pages, come on top.</summary>
        public double SyncsPerSession => EngineCommitsPerSession + ProductCommitsPerSession;
    }

    /// <summary>The address that the host listens on.</summary>
    public Uri Address => new(_app.Urls.First());

    public static async Task<SessionsBenchmark> StartAsync(string data)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AgentWorkflows:Costs:UserPerDay"] = "1000000",
            ["AgentWorkflows:Costs:UserPerMonth"] = "1000000",
            ["AgentWorkflows:Costs:AgentPerDay"] = "1000000",
            ["AgentWorkflows:Costs:GlobalPerHour"] = "1000000",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(data).AddAgents(Path.Combine(AppContext.BaseDirectory, "agents")).AddOrderDesk();
        var app = builder.Build();
        app.MapAgentWorkflows();
        await app.StartAsync();
        return new SessionsBenchmark(app);
    }

    public async Task<Result> MeasureAsync(int inFlight, TimeSpan duration)
    {
        await RunAsync(inFlight, TimeSpan.FromSeconds(Math.Min(2, duration.TotalSeconds)));
        var (engine, commits, bytes) = (_engine.Statistics, _database.Commits, Bytes());
        var (cpu, allocated, watch) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var times = await RunAsync(inFlight, duration);
        var seconds = watch.Elapsed.TotalSeconds;
        var (cpuAfter, allocatedAfter, engineAfter) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes(), _engine.Statistics);
        var (sessions, steps) = ((double)times.Count, (double)(engineAfter.Activities - engine.Activities));
        times.Sort();
        return new Result(
            inFlight, sessions / seconds, steps / seconds, steps / sessions, times[times.Count / 2], times[times.Count * 99 / 100],
            (cpuAfter - cpu).TotalMilliseconds / sessions, (allocatedAfter - allocated) / steps, (engineAfter.Commits - engine.Commits) / sessions,
            (_database.Commits - commits) / sessions, (Bytes() - bytes) / sessions);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Milliseconds of each session.</summary>
    private async Task<List<double>> RunAsync(int inFlight, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async caller =>
        {
            var own = new List<double>();
            while (watch.Elapsed < duration)
            {
                var begun = Stopwatch.GetTimestamp();
                await RunOneAsync(caller);
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return own;
        }));
        return [.. times.SelectMany(own => own)];
    }

    private async Task RunOneAsync(int caller)
    {
        var number = Interlocked.Increment(ref _next);
        var started = await _sessions.StartAsync(Goal(number, caller), CancellationToken.None);
        if (started is not StartSessionOutcome.Started { SessionId: var id })
        {
            throw new InvalidOperationException($"The session was not started: {started}");
        }
        var view = await _sessions.WaitForEndAsync(id, CancellationToken.None);
        if (view?.Status != Words.SessionStatus.Completed)
        {
            throw new InvalidOperationException($"Session {id} ended as {view?.Status}: {view?.Failure?.Message}");
        }
    }

    private static StartSessionRequest Goal(int number, int caller) => new()
    {
        Agent = "order-desk",
        Goal = FormattableString.Invariant($"What is the state of order {1001 + (number % 200)}?"),
        Context = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["project_id"] = "bench", ["user_id"] = FormattableString.Invariant($"user-{caller}"), ["budget_limit"] = 0.5, ["task_priority"] = "normal" }),
    };

    private long Bytes() => new DirectoryInfo(_app.Services.GetRequiredService<DataFolder>().FullPath).EnumerateFiles("*.db*").Sum(file => file.Length);
}
