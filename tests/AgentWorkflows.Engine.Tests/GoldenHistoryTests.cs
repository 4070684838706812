using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Engine.Tests;

/// <summary>
/// The format on disk, byte by byte, and whole recorded histories. The files under <c>Golden</c> are added to and never edited: what a version wrote,
/// every later one reads and replays.
/// </summary>
public class GoldenHistoryTests
{
    private static readonly FailureDetails Failure = new("Tool.Refused", "It refused: ä.", true, new FailureDetails("System.TimeoutException", "slow"));

    private static readonly HistoryEvent[] Samples =
    [
        new ExecutionStarted("orders.refund", "2.1", "{\"order\":7}"u8.ToArray()),
        new TurnStarted(639_000_000_000_000_000),
        new TaskScheduled(300, "session.plan", "[1,\"ä\"]"u8.ToArray()),
        new TaskCompleted(300, "null"u8.ToArray()),
        new TaskFailed(1, Failure),
        new TimerCreated(2, 639_000_000_600_000_000),
        new TimerFired(2),
        new TimerCancelled(3),
        new SubOrchestrationScheduled(4, "child", "", "parent:0.4"),
        new SubOrchestrationCompleted(4, "true"u8.ToArray()),
        new SubOrchestrationFailed(5, Failure),
        new EventRaised("approval.decision", "{\"approved\":true}"u8.ToArray()),
        new ExecutionSuspended("maintenance"),
        new ExecutionResumed(null),
        new ExecutionCompleted("\"done\""u8.ToArray()),
        new ExecutionFailed(Failure),
        new ExecutionTerminated("asked for"),
        new ExecutionForked("source", 638_000_000_000_000_000, 3),
        new ExecutionRewound(12, "repaired"),
    ];

    public static TheoryData<string> Kinds => [.. Enum.GetNames<HistoryKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryEvent_IsWrittenAndReadAsItAlwaysWas(string kind)
    {
        var sample = Assert.Single(Samples, e => HistoryCodec.KindOf(e).ToString() == kind);
        var bytes = HistoryCodec.ToBytes(sample);
        var golden = Golden($"{(int)HistoryCodec.KindOf(sample):00}-{kind}.event", () => [Convert.ToHexString(bytes), View(sample)]);

        Assert.Equal(golden[0], Convert.ToHexString(bytes));
        var read = new List<HistoryEvent>();
        HistoryCodec.Read(Convert.FromHexString(golden[0]), read);
        Assert.Equal(golden[1], View(Assert.Single(read)));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("failed-rewound-forked")]
    public async Task RecordedHistory_ReplaysAsItWasRecorded(string name)
    {
        var golden = await GoldenAsync($"{name}.history", () => RecordAsync(name));
        var header = golden[0].Split(' ');
        var history = EffectiveHistory.Of([.. golden.Skip(1).Select((hex, i) => new HistoryRecord(i, 0, Convert.FromHexString(hex)))]);
        await using var host = Scenarios();
        Assert.True(host.Registry.TryGetOrchestrator(header[1], "", out var registration));
        var identity = new ExecutionIdentity(header[0], int.Parse(header[3]), long.Parse(header[2]), header[1], "", null, ((ExecutionStarted)history[0]).Input);
        var coroutine = new Coroutine(registration, null!, identity, new ExecutionLimits(1 << 20, ""), NullLoggerFactory.Instance, new TurnRequests(), () => { });

        var outcome = coroutine.Replay(history);

        Assert.True(outcome is not TurnOutcome.Diverged, $"{(outcome as TurnOutcome.Diverged)?.Failure.Message}");
        Assert.Equal(((ExecutionCompleted)history[^1]).Output.ToArray(), Assert.IsType<TurnOutcome.Completed>(outcome).Output.ToArray());
    }

    /// <summary>How the files came to be: only used for one that is missing.</summary>
    private static async Task<string[]> RecordAsync(string name)
    {
        var broken = true;
        await using var host = Scenarios(() => broken);
        await host.OpenAsync();
        var id = await host.StartAsync(name == "everything" ? name : "fragile", "in", "golden");
        if (name == "everything")
        {
            await host.RecordedAsync(id, "TimerCreated", 2);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await host.RecordedAsync(id, "TimerFired");
            await host.Engine.SuspendInstanceAsync(id, "maintenance");
            await host.Engine.ResumeInstanceAsync(id);
            await host.Engine.RaiseEventAsync(id, "go", "event");
        }
        else
        {
            await host.FinishedAsync(id);
            await host.Engine.ForkAsync(id, "golden-fork");
            await host.FinishedAsync(id = "golden-fork");
            broken = false;
            await host.Engine.RewindAsync(id, "repaired");
        }
        Assert.Null((await host.FinishedAsync(id)).Failure);
        await host.CloseAsync();
        using var store = new SqliteStore(host.DatabasePath);
        var stored = store.Load(id)!;
        return [$"{id} {stored.Row.Name} {stored.Row.CreatedAt} {stored.Row.Execution}", .. stored.History.Select(record => Convert.ToHexString(record.Events))];
    }

    /// <remarks>These orchestrators are as frozen as the files.</remarks>
    private static EngineHost Scenarios(Func<bool>? broken = null) => new EngineHost()
        .Orchestrator<string, string>("everything", async (context, input) =>
        {
            var plan = await context.CallActivityAsync<string>("echo", $"{input} {context.NewGuid()}");
            var caught = "";
            try
            {
                await context.CallActivityAsync<string>("fail", "x");
            }
            catch (TaskFailedException e)
            {
                caught = e.Failure.ErrorType;
            }
            var child = await context.CallSubOrchestratorAsync<string>("fine", 1);
            try
            {
                await context.CallSubOrchestratorAsync<string>("bad", 1);
            }
            catch (TaskFailedException e)
            {
                caught += e.Failure.ErrorType;
            }
            using var cancel = new CancellationTokenSource();
            var never = context.CreateTimer(context.CurrentUtcDateTime + TimeSpan.FromDays(1), cancel.Token);
            await context.CreateTimer(context.CurrentUtcDateTime + TimeSpan.FromMinutes(1));
            cancel.Cancel();
            return $"{plan} {caught} {child} {never.IsCanceled} {await context.WaitForExternalEvent<string>("go")}";
        })
        .Orchestrator<int, string>("fine", (_, _) => Task.FromResult("fine"))
        .Orchestrator<int, string>("bad", (_, _) => throw new DurableException("Child.Bad", "bad", true))
        .Orchestrator<string, string>("fragile", async (context, input) =>
        {
            var first = await context.CallActivityAsync<string>("echo", $"{input} {context.NewGuid()}");
            return $"{first} {await context.CallActivityAsync<string>("fragile", "y")} {context.NewGuid()}";
        })
        .Activity<string, string>("echo", text => text)
        .Activity<string, string>("fail", _ => throw new DurableException("Fail", "failed", false))
        .Activity<string, string>("fragile", text => broken?.Invoke() == true ? throw new DurableException("Broken", "broken", false) : text);

    private static string View(HistoryEvent e) => JsonSerializer.Serialize(HistoryView.ToEntry(e, 0, DateTimeOffset.UnixEpoch), DurableJson.Options);

    private static string[] Golden(string file, Func<string[]> content) => GoldenAsync(file, () => Task.FromResult(content())).GetAwaiter().GetResult();

    private static async Task<string[]> GoldenAsync(string file, Func<Task<string[]>> content)
    {
        var path = Path.Combine(Folder(), file);
        if (!File.Exists(path))
        {
            await File.WriteAllLinesAsync(path, await content());
            Assert.Fail($"The golden file '{path}' was missing and has been written: look at it and add it.");
        }
        return await File.ReadAllLinesAsync(path);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
