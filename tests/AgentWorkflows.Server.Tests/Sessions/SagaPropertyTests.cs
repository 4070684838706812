using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>
/// Random plans over random orders, tools that fail before and after their effects, stores that fail before and after their writes, people who say yes and no, sessions
/// that complete, fail, or are terminated in the middle of a call. After the rollback the order database is as it was before the session, but for what cannot be undone, and
/// all of that is in the report.
/// </summary>
public sealed class SagaPropertyTests
{
    private const int SessionsPerSeed = 8;

    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task WhateverHappens_ARollbackLeavesTheOrdersAsTheyWere(int seed)
    {
        var plans = new Dictionary<string, Plan[]>(StringComparer.Ordinal);
        var model = new ScriptedChatModel(request => ScriptedChatModel.Plan(plans[request.SessionId][Math.Min(request.Turn, plans[request.SessionId].Length) - 1]));
        ChaoticTools chaos = null!;
        using var agents = new IrreversibleMessages();
        await using var world = await SessionWorld.StartAsync(
            model, tools => chaos = new ChaoticTools(tools, seed), services => Crash(services, seed), agents.Directory, new HurriedTime(20));
        using var end = new CancellationTokenSource();
        var people = DecideAsync(world, new Random(seed), end.Token);

        for (var i = 0; i < SessionsPerSeed; i++)
        {
            var random = new Random((seed * 1000) + i);
            var id = $"seed-{seed}-{i}";
            plans[id] = RandomPlans.Of(random);
            // The first call of any tool makes the database.
            var before = i == 0 ? null : world.Orders.Dump("messages");
            await RunAsync(world, chaos, random, id);
            var view = await RollBackAsync(world, id);
            Check(world, view, before, Story(world, view, plans[id]));
        }
        await end.CancelAsync();
        await people;
    }

    /// <summary>Until its end, or until it is terminated during one of its calls.</summary>
    private static async Task RunAsync(SessionWorld world, ChaoticTools chaos, Random random, string id)
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var after = random.Next(3) == 0 ? random.Next(1, 6) : int.MaxValue;
        var calls = 0;
        chaos.Called = invocation =>
        {
            if (invocation.SessionId == id && Interlocked.Increment(ref calls) == after)
            {
                cut.TrySetResult();
            }
        };
        await RetryAsync(() => world.StartSessionAsync("whatever", sessionId: id));
        var ended = world.EndOfAsync(id);
        if (await Task.WhenAny(ended, cut.Task) == cut.Task)
        {
            await RetryAsync(() => world.Terminations.TerminateAsync(id, "enough", rollBack: false, default));
        }
        await ended;
    }

    /// <summary>As often as it takes: a rollback whose compensations failed is asked for again.</summary>
    private static async Task<SessionView> RollBackAsync(SessionWorld world, string id)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var outcome = await RetryAsync(() => world.Rollbacks.RollbackAsync(id, "again", default));
            if (outcome is RollbackOutcome.NothingToDo)
            {
                break;
            }
            await world.Rollbacks.WaitForEndAsync(Assert.IsType<RollbackOutcome.Started>(outcome), id, default);
        }
        return (await world.Sessions.GetAsync(id, default))!;
    }

    private static void Check(SessionWorld world, SessionView view, string? before, string what)
    {
        Assert.True(view.Status.IsTerminal(), what);
        Assert.True(before is null || before == world.Orders.Dump("messages"), what);
        var sent = world.Orders.Number($"SELECT count(*) FROM effects WHERE session_id = '{view.Session.Id}' AND tool = 'send_message' AND outcome = 'done'");
        var reported = view.Compensations.Where(entry => entry.Status == CompensationStatus.Irreversible).ToList();
        Assert.True(reported.Count >= sent, $"{what}: {sent} messages, {reported.Count} in the report");
        Assert.All(reported, entry => Assert.Equal("send_message", entry.Tool));
        Assert.All(view.Compensations.Except(reported), entry => Assert.Contains(entry.Status, (CompensationStatus[])[CompensationStatus.Done, CompensationStatus.NotNeeded]));
        Assert.Equal(reported.Count > 0, view.Status == SessionStatus.RollbackIncomplete);
    }

    /// <summary>What happened, for whoever has to find out why the orders are not as they were.</summary>
    private static string Story(SessionWorld world, SessionView view, Plan[] plans) => string.Join('\n', [
        $"{view.Session.Id} {view.Status} {view.Failure?.Message}",
        .. plans.SelectMany(plan => plan.Steps).Select(step => $"  plan {step.Id} {step.Tool} {step.OnFailure}"),
        .. view.Compensations.Select(entry => $"  {entry.Status} {entry.Action} {entry.IdempotencyKey} {entry.Tool} {entry.Message}"),
        .. world.Orders.Lines($"SELECT idempotency_key, tool, outcome, result FROM effects WHERE session_id = '{view.Session.Id}' ORDER BY rowid").Select(line => "  effect " + line)]);

    /// <summary>Says yes mostly, no sometimes, and yes to whatever a rollback asks.</summary>
    private static async Task DecideAsync(SessionWorld world, Random random, CancellationToken end)
    {
        while (true)
        {
            try
            {
                await world.HasApprovalAsync().WaitAsync(end);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            var approval = await world.NextApprovalAsync();
            await RetryAsync(() => world.DecideAsync(approval, approval.IsQuestion || random.Next(5) > 0 ? DecisionKind.Approve : DecisionKind.Reject, "as it pleases"));
        }
    }

    /// <summary>The test's own calls meet the broken stores too; whoever calls asks again.</summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> act)
    {
        while (true)
        {
            try
            {
                return await act();
            }
            catch (CrashException)
            {
                // Again.
            }
            catch (Xunit.Sdk.IsTypeException e) when (e.Message.Contains("AlreadyExists", StringComparison.Ordinal))
            {
                // Started by the call that did not hear of it.
                return default!;
            }
        }
    }

    /// <summary>About one store call in forty fails, before or after its write.</summary>
    private static void Crash(IServiceCollection services, int seed)
    {
        var random = new Random(seed);
        var points = new CrashPoints([.. Enumerable.Range(1, 100_000).Where(_ => random.Next(80) == 0)]);
        services.Decorate<ISessionStore>(store => new CrashingSessionStore(store, points));
        services.Decorate<ICostLedger>(ledger => new CrashingCostLedger(ledger, points));
    }
}
