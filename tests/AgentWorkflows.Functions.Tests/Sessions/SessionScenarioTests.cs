using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Sessions;

/// <summary>What a session does on the official engine.</summary>
public sealed class SessionScenarioTests
{
    private const string Refund = "Refund order 1042, it arrived broken, and tell the customer";
    private const int TestTimeout = 120_000;

    [Fact(Timeout = TestTimeout)]
    public async Task An_approved_refund_runs_once_and_the_session_answers()
    {
        var refunds = 0;
        await using var world = await DurableTaskWorld.StartAsync(tools: all => new ReplacedTool(all, "issue_refund", (invocation, original) =>
        {
            Interlocked.Increment(ref refunds);
            return original.ExecuteAsync(invocation, default);
        }));
        var id = await world.StartSessionAsync(Refund);
        var refund = await world.NextApprovalAsync();
        Assert.Equal(("issue_refund", 0), (refund.Tool, refunds));
        await world.DecideAsync(refund, DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, 1), (ended.Status, refunds));
        Assert.Contains("1042", ended.Session.Progress.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_session_goes_on_after_restarts_and_repeats_nothing()
    {
        var refunds = 0;
        await using var world = await DurableTaskWorld.StartAsync(tools: all => new ReplacedTool(all, "issue_refund", (invocation, original) =>
        {
            Interlocked.Increment(ref refunds);
            return original.ExecuteAsync(invocation, default);
        }));
        var id = await world.StartSessionAsync(Refund);
        var refund = await world.NextApprovalAsync();
        await world.RestartAsync();
        await world.DecideAsync(refund, DecisionKind.Approve);
        var message = await world.NextApprovalAsync();
        await world.RestartAsync();
        await world.DecideAsync(message, DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, 1), (ended.Status, refunds));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_rejected_refund_does_not_run_and_the_answer_gives_the_reason()
    {
        await using var world = await DurableTaskWorld.StartAsync();
        var id = await world.StartSessionAsync(Refund);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject, "the customer sent no photo");

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.Completed, ended.Status);
        Assert.Contains("the customer sent no photo", ended.Session.Progress.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_failure_after_the_refund_takes_it_back()
    {
        await using var world = await DurableTaskWorld.StartAsync(tools: all => new ReplacedTool(all, "send_message",
            (_, _) => Task.FromResult(ToolResult.Permanent("The mail server refused the message.", "Tell the customer another way."))));
        var id = await world.StartSessionAsync(Refund);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.RolledBack, ended.Status);
        Assert.Equal(CompensationStatus.Done, ended.Compensations.Single(entry => entry.Tool == "issue_refund").Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_session_that_waits_for_a_person_can_be_terminated()
    {
        await using var world = await DurableTaskWorld.StartAsync();
        var id = await world.StartSessionAsync(Refund);
        var waiting = await world.NextApprovalAsync();

        Assert.Equal(LifecycleOutcome.Accepted, (await world.Terminations.TerminateAsync(id, "enough", false, default)).Outcome);
        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.Terminated, ended.Status);
        Assert.Equal(ApprovalStatus.Withdrawn, (await world.ApprovalStore.GetAsync(waiting.Id, default))!.Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_session_of_more_than_20_turns_continues_as_new_and_ends()
    {
        var model = LongPlan.Of(30);
        await using var world = await DurableTaskWorld.StartAsync(model);
        var id = await world.StartSessionAsync("count");

        var ended = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, 31), (ended.Status, ended.Session.Progress.Turn));
        Assert.Equal(31, model.Requests.Count);
    }

    /// <summary>Plan, gate, act and observe, each with the four events of an activity and its turn.</summary>
    [Theory(Timeout = TestTimeout)]
    [InlineData(3, 48)]
    [InlineData(19, 304)]
    public async Task A_turn_adds_16_events_to_the_history_whatever_its_number(int turns, int events)
    {
        await using var world = await DurableTaskWorld.StartAsync(LongPlan.Of(turns - 1));
        var id = await world.StartSessionAsync("count");

        var ended = await world.EndOfAsync(id);

        Assert.Equal((turns, events), (ended.Session.Progress.Turn, world.Engine.Histories.Of(id).Count));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_session_of_version_1_ends_on_its_own_logic_beside_one_of_version_2()
    {
        var name = new OrchestratorName<string, string>("versioned");
        await using var world = await DurableTaskWorld.StartAsync(register: registry => registry
            .AddOrchestrator(name, _ => new Waits("first"), "1")
            .AddOrchestrator(name, _ => new Waits("second"), "2"));
        await world.Orchestrations.StartAsync(name, "", new StartOrchestrationOptions { InstanceId = "old", Version = "1" });
        await world.Orchestrations.StartAsync(name, "", new StartOrchestrationOptions { InstanceId = "new", Version = "2" });
        await world.Orchestrations.RaiseEventAsync("old", "Go", "!");
        await world.Orchestrations.RaiseEventAsync("new", "Go", "!");

        var old = await world.Orchestrations.WaitForInstanceCompletionAsync("old", true);
        var fresh = await world.Orchestrations.WaitForInstanceCompletionAsync("new", true);

        Assert.Equal(("first!", "1"), (old!.ReadOutputAs<string>(), old.Version));
        Assert.Equal(("second!", "2"), (fresh!.ReadOutputAs<string>(), fresh.Version));
    }

    private sealed class Waits(string word) : IOrchestrator<string, string>
    {
        public async Task<string> RunAsync(IOrchestrationContext context, string input) => word + await context.WaitForExternalEvent<string>("Go");
    }
}
