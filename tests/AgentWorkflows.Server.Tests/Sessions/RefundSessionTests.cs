using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>The road a refund takes, with the offline playbook and the real order database.</summary>
public sealed class RefundSessionTests
{
    private const string Goal = "Refund order 1042, it arrived broken, and tell the customer";
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task An_approved_refund_runs_once_and_the_session_answers()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        Assert.Equal("issue_refund", refund.Tool);
        Assert.Equal(SessionStatus.AwaitingApproval, (await world.Sessions.GetAsync(id, default))!.Status);
        Assert.IsType<DecideOutcome.Decided>(await world.DecideAsync(refund, DecisionKind.Approve));
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.Completed, ended.Status);
        Assert.Contains("1042", ended.Session.Progress.Answer, StringComparison.Ordinal);
        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM payments WHERE order_id = 1042 AND kind = 'refund'"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Every_call_has_one_settled_cost_entry_and_the_session_cost_is_their_sum()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        var ended = await world.EndOfAsync(id);

        var entries = await world.Ledger.ListAsync(id, default);

        Assert.All(entries, entry => Assert.Equal(LedgerEntryStatus.Settled, entry.Status));
        Assert.Equal(ended.Session.Progress.Turn, entries.Count(entry => entry.Entry.Kind == CostKind.Model));
        Assert.Equal(ended.Session.Progress.ToolCalls, entries.Count(entry => entry.Entry.Kind == CostKind.Tool));
        Assert.Equal(ended.Session.Progress.CostMicros, entries.Sum(entry => entry.CostMicros));
        Assert.True(ended.Session.Progress.CostMicros > 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_rejected_refund_changes_nothing_and_the_answer_gives_the_reason()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        var before = world.Orders.Dump();
        await world.DecideAsync(refund, DecisionKind.Reject, "the customer sent no photo");

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.Completed, ended.Status);
        Assert.Contains("the customer sent no photo", ended.Session.Progress.Answer, StringComparison.Ordinal);
        Assert.Equal(before, world.Orders.Dump());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_failure_after_the_refund_takes_it_back()
    {
        await using var world = await SessionWorld.StartAsync(tools: all => new ReplacedTool(all, "send_message",
            (_, _) => Task.FromResult(ToolResult.Permanent("The mail server refused the message.", "Tell the customer another way."))));
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        var before = world.Orders.Dump();
        await world.DecideAsync(refund, DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.RolledBack, ended.Status);
        Assert.Equal(FailureCategory.System, ended.Failure?.Category);
        Assert.Equal(CompensationStatus.Done, ended.Compensations.Single(entry => entry.Tool == "issue_refund").Status);
        Assert.Equal(before, world.Orders.Dump());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_compensation_that_fails_is_told_to_a_person_and_the_others_still_run()
    {
        await using var world = await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(new Plan
            {
                Steps =
                [
                    ScriptedChatModel.Step("first", "add_note", new { order_id = 1042, text = "one" }),
                    ScriptedChatModel.Step("second", "add_note", new { order_id = 1043, text = "two" }),
                    ScriptedChatModel.Step("broken", "get_order", new { order_id = 1042 }, OnFailure.Halt),
                ],
            }),
            all => new ReplacedTool(
                new ReplacedTool(all, "get_order", (_, _) => Task.FromResult(ToolResult.Permanent("Broken.", "Nothing."))),
                "delete_note", (invocation, original) => invocation.IdempotencyKey.Contains("/second/", StringComparison.Ordinal)
                    ? Task.FromResult(ToolResult.Permanent("The note is locked.", "Ask the owner."))
                    : original.ExecuteAsync(invocation, default)));
        var id = await world.StartSessionAsync("notes");

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.RollbackIncomplete, ended.Status);
        Assert.Equal(CompensationStatus.Done, ended.Compensations.Single(entry => entry.StepId == "first").Status);
        var failed = ended.Compensations.Single(entry => entry.StepId == "second");
        Assert.Equal(CompensationStatus.Failed, failed.Status);
        Assert.Contains("The note is locked.", failed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_edited_approval_runs_with_the_new_arguments_only()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        await world.DecideAsync(refund, DecisionKind.Edit, arguments: new { order_id = 1042, amount = 5.00m, reason = "partly broken" });
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        await world.EndOfAsync(id);

        Assert.Equal(500, world.Orders.Number("SELECT sum(amount_cents) FROM payments WHERE order_id = 1042 AND kind = 'refund'"));
    }

    [Fact(Timeout = Timeout)]
    public async Task An_approval_given_after_a_restart_runs_the_tool_once()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        await world.RestartAsync();
        await world.DecideAsync(refund, DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.Completed, ended.Status);
        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM payments WHERE order_id = 1042 AND kind = 'refund'"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_decision_for_other_arguments_is_stale_and_a_second_decision_comes_too_late()
    {
        await using var world = await SessionWorld.StartAsync();
        await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();

        Assert.IsType<DecideOutcome.Stale>(await world.DecideAsync(refund with { ArgumentsHash = new string('0', 64) }, DecisionKind.Approve));
        Assert.IsType<DecideOutcome.Decided>(await world.DecideAsync(refund, DecisionKind.Reject, "no"));
        Assert.IsType<DecideOutcome.AlreadyDecided>(await world.DecideAsync(refund, DecisionKind.Approve));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_terminated_session_withdraws_its_approval_and_does_nothing_more()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync(Goal);
        var refund = await world.NextApprovalAsync();
        var before = world.Orders.Dump();

        Assert.Equal(LifecycleOutcome.Accepted, (await world.Terminations.TerminateAsync(id, "wrong order", false, default)).Outcome);

        Assert.Equal(SessionStatus.Terminated, (await world.EndOfAsync(id)).Status);
        Assert.IsType<DecideOutcome.AlreadyDecided>(await world.DecideAsync(refund, DecisionKind.Approve));
        Assert.Equal(before, world.Orders.Dump());
    }
}
