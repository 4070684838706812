using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Server.Tests.Samples.OrderDesk;

/// <summary>The shipped agent and playbook against the real tools, without the orchestrator: every planned step is run at once.</summary>
public sealed class OrderDeskPlaybookTests : IDisposable
{
    private readonly OrderDeskFile _desk = new();
    private readonly AgentDefinition _agent;

    public OrderDeskPlaybookTests()
    {
        var result = AgentFolder.Load(Path.Combine(AppContext.BaseDirectory, "agents"), _desk.Tools);
        Assert.True(result is AgentLoadResult.Loaded, string.Join('\n', (result as AgentLoadResult.Invalid)?.Problems ?? []));
        _agent = ((AgentLoadResult.Loaded)result).Agents.Single(agent => agent.Name == "order-desk");
    }

    public void Dispose() => _desk.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_refund_that_is_told_takes_four_turns_and_names_what_was_done()
    {
        var (tools, answer) = await RunAsync("Refund order 1042, it arrived broken, and tell the customer");
        var refund = _desk.Dump("SELECT p.id, p.reason, c.name, m.recipient FROM payments p JOIN messages m USING (order_id) JOIN orders o ON o.id = p.order_id JOIN customers c ON c.id = o.customer_id WHERE p.kind = 'refund' AND o.id = 1042").Trim().Split('|');

        Assert.Equal(["get_order", "issue_refund", "send_message"], tools);
        Assert.Equal("it arrived broken", refund[1]);
        Assert.All([refund[0], refund[2], refund[3], "1042", "USD"], text => Assert.Contains(text, answer, StringComparison.Ordinal));
        Assert.DoesNotContain("{", answer, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("refund 2.50 usd of order 1043 because the box was open and email them", "get_order,issue_refund,send_message", "2.50 USD")]
    [InlineData("Refund order 1042 and tell the customer", "get_order,issue_refund,send_message", "was refunded")]
    [InlineData("Tell the customer and refund order 1042.", "get_order,issue_refund,send_message", "was refunded")]
    [InlineData("Please refund order #1044", "get_order,issue_refund", "was refunded")]
    [InlineData("Refund order 1005 and notify the customer", "get_order", "I did not refund order 1005: it is unpaid")]
    [InlineData("Refund order 1013, broken, and tell the customer", "get_order", "I did not refund order 1013: it is refunded")]
    [InlineData("Refund order 9999", "get_order", "There is no order 9999.")]
    [InlineData("Cancel order 1016", "get_order,cancel_order", "is cancelled")]
    [InlineData("Cancel order 1042", "get_order", "I did not cancel order 1042: it is delivered")]
    [InlineData("What is the status of order 1042?", "get_order", "is delivered; its payment is paid")]
    [InlineData("Add a note to order 1042: \"call back on Monday\"", "add_note", "call back on Monday")]
    [InlineData("Show me the orders of Ada Almeida", "search_orders", "orders match the customer Ada Almeida: 10")]
    [InlineData("List unpaid orders", "search_orders", "20 orders are unpaid: 1005, 1009")]
    [InlineData("Write me a poem", "", "offline playbook, no language model")]
    public async Task A_goal_leads_to_its_tools_and_an_honest_answer(string goal, string tools, string answer)
    {
        var (ran, said) = await RunAsync(goal);

        Assert.Equal(tools, string.Join(',', ran));
        Assert.Contains(answer, said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rejected_refund_is_answered_without_one()
    {
        var (tools, answer) = await RunAsync("Refund order 1042, broken, and tell the customer", rejected: "issue_refund");

        Assert.Equal(["get_order"], tools);
        Assert.StartsWith("I did not refund order 1042, because a person said no: too expensive", answer, StringComparison.Ordinal);
        Assert.Equal("", _desk.Dump("SELECT * FROM messages"));
    }

    [Fact]
    public void A_message_that_cannot_be_sent_after_a_refund_halts_the_session() =>
        Assert.Equal(OnFailure.Halt, _agent.Playbook!.Entries.Single(entry => entry.Name == "refund-and-tell").Turns[^1].Steps.Single().OnFailure);

    private async Task<(IReadOnlyList<string> Tools, string Answer)> RunAsync(string goal, string? rejected = null)
    {
        var messages = new List<ChatMessage> { new(ChatRole.System, _agent.Instructions), new(ChatRole.User, JsonSerializer.Serialize(new { goal, context = new { user_id = "u" } })) };
        var snapshots = new AgentSnapshots(new SnapshotStore());
        var hash = await snapshots.SaveAsync(_agent, default);
        var ran = new List<string>();
        for (var turn = 1; turn < 8; turn++)
        {
            var plan = await PlanAsync(new PlaybookModel(snapshots), hash, turn, messages);
            if (plan.Answer is { } answer)
            {
                return (ran, answer);
            }
            messages.Add(new ChatMessage(ChatRole.Assistant, JsonSerializer.Serialize(plan, DurableJson.Options)));
            foreach (var step in plan.Steps)
            {
                messages.Add(new ChatMessage(ChatRole.Tool, JsonSerializer.Serialize(await ObserveAsync(step, turn, rejected, ran), DurableJson.Options)));
            }
        }
        throw new InvalidOperationException("The playbook does not end.");
    }

    private static async Task<Plan> PlanAsync(PlaybookModel model, string hash, int turn, IReadOnlyList<ChatMessage> messages)
    {
        var request = new ChatRequest
        {
            SessionId = "s",
            Turn = turn,
            SnapshotHash = hash,
            Purpose = ModelPurpose.Plan,
            Deployment = PlaybookModel.Deployment,
            Messages = messages,
            MaxOutputTokens = 1000,
        };
        var completed = Assert.IsType<ChatResult.Completed>(await model.CompleteAsync(request, default));
        return JsonSerializer.Deserialize<Plan>(completed.Text, DurableJson.Options)!;
    }

    private async Task<Observation> ObserveAsync(PlanStep step, int turn, string? rejected, List<string> ran)
    {
        var observation = new Observation { Turn = turn, StepId = step.Id, Tool = step.Tool, Status = ObservationStatus.Succeeded };
        if (step.Tool == rejected)
        {
            return observation with { Status = ObservationStatus.Rejected, Message = "too expensive" };
        }
        ran.Add(step.Tool);
        return await _desk.Tools.Find(step.Tool)!.ExecuteAsync(new ToolInvocation("s", step.Tool, step.Arguments, $"{turn}/{step.Id}"), default) switch
        {
            ToolResult.Success success => observation with { Result = success.Value },
            ToolResult.Failure failure => observation with { Status = ObservationStatus.Failed, Message = failure.Message, Suggestion = failure.Suggestion },
            _ => throw new InvalidOperationException(),
        };
    }
}
