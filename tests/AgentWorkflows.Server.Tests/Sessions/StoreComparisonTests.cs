using AgentWorkflows.Approvals;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>An engine file and a product file of different moments, as after one of them was restored.</summary>
public sealed class StoreComparisonTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Files_of_the_same_moment_have_no_findings()
    {
        await using var world = await SessionWorld.StartAsync();
        await world.StartSessionAsync("Refund order 1042, it arrived broken");
        await world.NextApprovalAsync();
        await world.RestartAsync();

        Assert.Empty(await world.Service<StoreComparison>().RunAsync(default));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_session_that_the_restored_engine_does_not_know_is_named_and_can_be_ended()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken");
        var asked = await world.NextApprovalAsync();
        await world.RestartAsync(() => Delete(world, "engine.db"));

        var finding = Assert.Single(await world.Service<StoreComparison>().RunAsync(default));
        Assert.Contains($"'{id}'", finding, StringComparison.Ordinal);
        Assert.Contains($"command 'terminate {id}'", finding, StringComparison.Ordinal);
        Assert.StartsWith("lost", (await world.Sessions.GetAsync(id, default))!.Phase, StringComparison.Ordinal);

        Assert.Equal(LifecycleOutcome.Accepted, (await world.Terminations.TerminateAsync(id, "restored", false, default)).Outcome);
        Assert.Equal(SessionStatus.Terminated, (await world.Store.GetAsync(id, default))!.Progress.Status);
        Assert.Equal(ApprovalStatus.Withdrawn, (await world.ApprovalStore.GetAsync(asked.Id, default))!.Status);
        Assert.Empty(await world.Service<StoreComparison>().RunAsync(default));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_session_that_the_restored_record_does_not_know_is_listed_again_and_can_be_ended()
    {
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] }));
        var id = await world.StartSessionAsync("refund");
        await world.NextApprovalAsync();
        await world.RestartAsync(() => Delete(world, "agentworkflows.db"));

        Assert.Empty(await world.Service<StoreComparison>().RunAsync(default));

        Assert.NotNull(await world.Store.GetAsync(id, default));
        // It may have ended by itself meanwhile, because what it needs is gone.
        await world.Terminations.TerminateAsync(id, "restored", false, default);
        Assert.Contains((await world.Sessions.GetAsync(id, default))!.Status, (SessionStatus[])[SessionStatus.Terminated, SessionStatus.Failed]);
    }

    private static void Delete(SessionWorld world, string file)
    {
        foreach (var part in Directory.GetFiles(world.Folder, file + "*"))
        {
            File.Delete(part);
        }
    }
}
