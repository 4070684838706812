using AgentWorkflows.Approvals;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A model whose answer is not what the record says.</summary>
public sealed class ContradictingAnswerTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_refund_that_stands_is_not_said_to_have_failed()
    {
        var model = ScriptedChatModel.ByTurn(Refund(), new Plan { Answer = "I could not refund order 1042." });
        await using var world = await SessionWorld.StartAsync(model);
        var id = await world.StartSessionAsync("refund");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        var ended = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, "From the record: issue_refund (order_id=1042) took effect."), (ended.Status, ended.Session.Progress.Answer));
        Assert.Contains(model.Requests[^1].Messages, said => said.Content.Contains("It says that issue_refund was not done; it took effect.", StringComparison.Ordinal));
        Assert.Equal(1, Refunds(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_was_rejected_is_not_said_to_be_done_and_a_model_that_mends_its_words_is_heard()
    {
        var answers = 0;
        var model = new ScriptedChatModel(request => ScriptedChatModel.Plan(
            request.Turn == 1 ? Refund() : new Plan { Answer = ++answers == 1 ? "Order 1042 has been refunded." : "Order 1042 was not refunded: it was rejected." }));
        await using var world = await SessionWorld.StartAsync(model);
        var id = await world.StartSessionAsync("refund");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject, "no");

        Assert.Equal("Order 1042 was not refunded: it was rejected.", (await world.EndOfAsync(id)).Session.Progress.Answer);
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_nobody_knows_of_is_told_as_that()
    {
        var model = ScriptedChatModel.ByTurn(Refund(), new Plan { Answer = "I could not refund order 1042." });
        await using var world = await SessionWorld.StartAsync(
            model,
            all => new ReplacedTool(all, "issue_refund", async (invocation, original) =>
            {
                await original.ExecuteAsync(invocation, default);
                return new ToolResult.Failure(ToolFailureKind.Timeout, "No answer came.", "Try again.", RetrySafe: false);
            }),
            agent: agent => agent with { Tools = [.. agent.Tools.Select(tool => tool.Name == "issue_refund" ? tool with { Idempotent = false } : tool)] });
        var id = await world.StartSessionAsync("refund");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        var question = await world.NextApprovalAsync();
        Assert.True(question.IsQuestion);
        // Its deadline passes.
        await world.ApprovalStore.DecideAsync(
            question.Id, ApprovalStoreExtensions.SystemDecision(question, ApprovalStatus.Expired, "Nobody decided in time.", DateTimeOffset.UtcNow), default);
        await world.Orchestrations.RaiseEventAsync(id, ApprovalSignal.EventName(question.Id), new ApprovalSignal(question.Id), default);
        var ended = await world.EndOfAsync(id);

        Assert.StartsWith("From the record: it is not known whether issue_refund (order_id=1042) took effect.", ended.Session.Progress.Answer, StringComparison.Ordinal);
        Assert.Equal(1, Refunds(world));
    }

    private static long Refunds(SessionWorld world) => world.Orders.Number("SELECT count(*) FROM effects WHERE tool = 'issue_refund'");

    private static Plan Refund() => new() { Steps = [ScriptedChatModel.Step("pay", "issue_refund", new { order_id = 1042, reason = "damaged" })] };
}
