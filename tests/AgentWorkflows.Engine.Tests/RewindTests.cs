using System.Collections.Concurrent;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

/// <summary>A failed instance goes on from its last failure.</summary>
public class RewindTests
{
    private const int Limit = 30_000;
    private readonly ConcurrentQueue<string> _runs = new();
    private volatile bool _broken = true;

    [Fact(Timeout = Limit)]
    public async Task Rewind_RunsTheFailedStepAgain_AndNoOther()
    {
        await using var host = Failing();
        await host.OpenAsync();
        await host.StartAsync("steps", 0, "i");
        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("i")).Status);
        var failed = (await host.Engine.GetHistoryAsync("i"))!;
        _broken = false;

        var outcome = Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("i", "repaired"));
        var done = await host.FinishedAsync("i");

        Assert.Equal(["i"], outcome.Rewound);
        Assert.Equal("a b c", done.ReadOutputAs<string>());
        Assert.Null(done.Failure);
        Assert.Equal(["a", "b", "b", "c"], _runs);
        var history = (await host.Engine.GetHistoryAsync("i"))!;
        Assert.Equal(failed, history.Take(failed.Count));
        Assert.Equal(("ExecutionRewound", "\"repaired\""), (history[failed.Count].Kind, history[failed.Count].Payload));
        Assert.Null((await host.Engine.ReplayAsync("i"))!.Divergence);
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_AsOftenAsItFails_AcrossRestarts()
    {
        await using var host = Failing();
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        await host.OpenAsync();
        await host.StartAsync("steps", 0, "i");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("i")).Status);
            await host.RestartAsync();
            Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("i"));
        }
        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("i")).Status);
        _broken = false;
        Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("i"));
        await host.RestartAsync();
        Assert.Equal("a b c", (await host.FinishedAsync("i")).ReadOutputAs<string>());
        Assert.Equal(1, _runs.Count(run => run == "a"));
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_OfAnOrchestratorThatThrewItself_RunsItsLastTurnAgain_WithEventsKept()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("o", async (context, _) =>
        {
            var first = await context.WaitForExternalEvent<string>("e");
            if (_broken)
            {
                throw new DurableException("Bug", "a bug", false);
            }
            return first + await context.WaitForExternalEvent<string>("e");
        });
        await host.OpenAsync();
        await host.StartAsync("o", 0, "i");
        await host.Engine.RaiseEventAsync("i", "e", "kept ");
        Assert.Equal("Bug", (await host.FinishedAsync("i")).Failure!.ErrorType);
        _broken = false;
        Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("i"));
        await host.Engine.RaiseEventAsync("i", "e", "new");
        Assert.Equal("kept new", (await host.FinishedAsync("i")).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_KeepsWhatOthersDid_AfterTheFailure()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, string>("fan", async (context, _) =>
            {
                var both = await Task.WhenAll(context.CallActivityAsync<string>("b", "b"), context.CallActivityAsync<string>("slow", "slow"));
                return string.Join(' ', both) + await context.WaitForExternalEvent<string>("e");
            });
        Steps(host);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Activity<string, string>("slow", async (key, cancellation) =>
        {
            _runs.Enqueue(key);
            await gate.Task.WaitAsync(cancellation);
            return key;
        });
        await host.OpenAsync();
        await host.StartAsync("fan", 0, "i");
        await host.RecordedAsync("i", "TaskFailed");
        await host.Engine.RaiseEventAsync("i", "e", "!");
        gate.SetResult();
        await host.FinishedAsync("i");
        _broken = false;
        Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("i"));
        Assert.Equal("b slow!", (await host.FinishedAsync("i")).ReadOutputAs<string>());
        Assert.Equal(["b", "b", "slow"], _runs.Order());
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_ReachesTheFailedChild_AndDeletesWhatWasStartedAfterwards()
    {
        await using var host = Failing()
            .Orchestrator<int, string>("parent", async (context, _) =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("steps", 0) + await context.CallSubOrchestratorAsync<string>("cleanup", 0);
                }
                catch (TaskFailedException)
                {
                    await context.CallSubOrchestratorAsync<string>("cleanup", 0);
                    throw;
                }
            })
            .Orchestrator<int, string>("cleanup", (_, _) => Task.FromResult("!"));
        await host.OpenAsync();
        await host.StartAsync("parent", 0, "p");
        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("p")).Status);
        Assert.Equal(new RewindOutcome.HasParent("p:0.0", "p"), await host.Engine.RewindAsync("p:0.0"));
        _broken = false;
        var outcome = Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("p"));
        Assert.Equal(["p", "p:0.0"], outcome.Rewound);
        Assert.Equal(["p:0.1"], outcome.Deleted);
        Assert.Equal("a b c!", (await host.FinishedAsync("p")).ReadOutputAs<string>());
        Assert.Equal(["a", "b", "b", "c"], _runs);
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_OfAFork_DoesNotDiverge()
    {
        await using var host = Failing();
        await host.OpenAsync();
        await host.StartAsync("steps", 0, "i");
        await host.FinishedAsync("i");
        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("i", "fork"));
        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("fork")).Status);
        _broken = false;
        Assert.IsType<RewindOutcome.Accepted>(await host.Engine.RewindAsync("fork"));
        Assert.Equal("a b c", (await host.FinishedAsync("fork")).ReadOutputAs<string>());
        Assert.Null((await host.Engine.ReplayAsync("fork"))!.Divergence);
        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishedAsync("i")).Status);
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_OfWhatHasNotFailed_ChangesNothing()
    {
        await using var host = Failing().Orchestrator<int, int>("waiting", (context, _) => context.WaitForExternalEvent<int>("go"));
        await host.OpenAsync();
        await host.StartAsync("waiting", 0, "w");
        await host.RecordedAsync("w", "TurnStarted");
        Assert.Equal(new RewindOutcome.NotFound("nobody"), await host.Engine.RewindAsync("nobody"));
        Assert.Equal(new RewindOutcome.NotFailed("w", OrchestrationStatus.Running), await host.Engine.RewindAsync("w"));
        await host.Engine.TerminateInstanceAsync("w");
        Assert.Equal(new RewindOutcome.NotFailed("w", OrchestrationStatus.Terminated), await host.Engine.RewindAsync("w"));
    }

    [Fact(Timeout = Limit)]
    public async Task Rewind_ByManyAtOnce_RunsTheStepOnce()
    {
        await using var host = Failing();
        await host.OpenAsync();
        await host.StartAsync("steps", 0, "i");
        await host.FinishedAsync("i");
        _broken = false;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => host.Engine.RewindAsync("i"))));
        Assert.Single(outcomes.OfType<RewindOutcome.Accepted>());
        Assert.Equal("a b c", (await host.FinishedAsync("i")).ReadOutputAs<string>());
        Assert.Equal(["a", "b", "b", "c"], _runs);
    }

    private EngineHost Failing()
    {
        var host = new EngineHost().Orchestrator<int, string>("steps", async (context, _) =>
        {
            // The id must not matter to a replay of a fork, the derived one must be the same.
            var id = context.NewGuid();
            var (a, b) = (await context.CallActivityAsync<string>("a", "a"), await context.CallActivityAsync<string>("b", "b"));
            return id == Guid.Empty ? "" : $"{a} {b} {await context.CallActivityAsync<string>("c", "c")}";
        });
        Steps(host);
        return host;
    }

    private void Steps(EngineHost host)
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            host.Activity<string, string>(name, key =>
            {
                _runs.Enqueue(key);
                return name == "b" && _broken ? throw new DurableException("Broken", "b is broken", false) : key;
            });
        }
    }
}
