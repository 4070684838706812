using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

/// <summary>What an answer says was done, beside what was recorded.</summary>
public sealed class EffectRecordTests
{
    [Theory]
    [InlineData("I could not refund the order.")]
    [InlineData("I couldn’t refund order 1042, sorry.")]
    [InlineData("Unfortunately the refund of 40.00 USD for order 1042 could not be processed.")]
    [InlineData("The order was looked up. The refund failed.")]
    [InlineData("No refund was issued for order 1042.")]
    [InlineData("Nothing was refunded, because a person said no.")]
    [InlineData("Order 1042 has not been refunded because the service did not answer.")]
    [InlineData("I was unable to issue the refund")]
    [InlineData("The refund did not go through; please try again.")]
    public void What_stands_or_may_stand_is_not_said_to_be_undone(string answer)
    {
        Assert.Contains("issue_refund was not done; it took effect", Record(("issue_refund", ActionOutcome.Done)).Contradiction(answer), StringComparison.Ordinal);
        Assert.Contains("issue_refund was not done; it is not known", Record(("issue_refund", ActionOutcome.Unknown)).Contradiction(answer), StringComparison.Ordinal);
        Assert.Null(Record(("issue_refund", ActionOutcome.NotDone)).Contradiction(answer));
        Assert.Null(Record().Contradiction(answer));
    }

    [Theory]
    [InlineData("I refunded order 1042.")]
    [InlineData("I've issued a full refund for order 1042.")]
    [InlineData("We have refunded the customer.")]
    public void What_never_happened_is_not_said_to_be_done(string answer)
    {
        Assert.Contains("issue_refund was done; nothing of it took effect", Record().Contradiction(answer), StringComparison.Ordinal);
        Assert.Contains("issue_refund was done; nothing of it took effect", Record(("issue_refund", ActionOutcome.NotDone)).Contradiction(answer), StringComparison.Ordinal);
        Assert.Contains("issue_refund was done; it is not known", Record(("issue_refund", ActionOutcome.Unknown)).Contradiction(answer), StringComparison.Ordinal);
        Assert.Null(Record(("issue_refund", ActionOutcome.Done)).Contradiction(answer));
    }

    [Theory]
    [InlineData("Order 1042 has been refunded.")]
    [InlineData("The refund for order 1042 was successfully issued.")]
    public void What_is_told_as_a_state_of_things_is_wrong_only_where_it_was_tried(string answer)
    {
        Assert.NotNull(Record(("issue_refund", ActionOutcome.NotDone)).Contradiction(answer));
        Assert.Null(Record().Contradiction(answer));
        Assert.Null(Record(("issue_refund", ActionOutcome.Done)).Contradiction(answer));
    }

    [Theory]
    [InlineData("It is not known whether order 1042 was refunded.")]
    [InlineData("The refund may have been issued.")]
    [InlineData("Order 1042 was already refunded last week.")]
    [InlineData("I refunded order 1042, but could not refund the shipping of 5.00 USD.")]
    [InlineData("Order 1099 could not be refunded: it was never paid.")]
    [InlineData("The refund is not reversible.")]
    [InlineData("A note was added.")]
    [InlineData("Die Bestellung wurde erstattet.")]
    public void What_leaves_it_open_or_is_about_something_else_stands(string answer) =>
        Assert.Null(Record(("issue_refund", ActionOutcome.Done), ("add_note", ActionOutcome.Done)).Contradiction(answer));

    [Fact]
    public void Of_two_calls_of_a_tool_each_may_be_told_as_it_was()
    {
        var record = RecordOf(("issue_refund", ActionOutcome.Done, 1042), ("issue_refund", ActionOutcome.NotDone, 1043));

        Assert.Null(record.Contradiction("Order 1042 was refunded. Order 1043 could not be refunded."));
        Assert.NotNull(record.Contradiction("Order 1042 could not be refunded."));
        Assert.Equal("From the record: issue_refund (order_id=1042) took effect; issue_refund (order_id=1043) did not take effect.", record.Told());
    }

    [Fact]
    public void A_call_that_its_repetition_settled_took_effect()
    {
        CompensationEntry first = Entry(0, 1, "s0", ActionOutcome.Unknown), second = Entry(1, 2, "s1", ActionOutcome.Done);
        var turns = new[] { Turn(1, "s0", "issue_refund", 1042, ObservationStatus.Failed), Turn(2, "s1", "issue_refund", 1042, ObservationStatus.Succeeded) };
        var record = EffectRecord.Of(Agent, turns, [first, second with { IdempotencyKey = first.IdempotencyKey }]);

        Assert.Equal("From the record: issue_refund (order_id=1042) took effect.", record.Told());
        Assert.NotNull(record.Contradiction("I could not refund the order."));
    }

    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Tools = [Tool("issue_refund", "payment.refund"), Tool("add_note", "order.note"), Tool("get_order") with { Tier = ToolTier.Read }],
        Permissions = [],
        Prices = new Dictionary<string, ModelPrice>(),
    };

    private static ToolContract Tool(string name, params string[] effects) => new()
    {
        Name = name,
        Implementation = name,
        Description = name,
        Tier = ToolTier.WriteSafe,
        SideEffects = effects,
        ResourceArgument = "order_id",
        Parameters = JsonElement.Parse("""{"type":"object"}"""),
    };

    private static EffectRecord Record(params (string Tool, ActionOutcome Effect)[] calls) => RecordOf([.. calls.Select(call => (call.Tool, call.Effect, 1042))]);

    private static EffectRecord RecordOf(params (string Tool, ActionOutcome Effect, int Order)[] calls) => EffectRecord.Of(
        Agent,
        [.. calls.Select((call, index) => Turn(index + 1, $"s{index}", call.Tool, call.Order, call.Effect == ActionOutcome.Done ? ObservationStatus.Succeeded : ObservationStatus.Failed))],
        [.. calls.Select((call, index) => Entry(index, index + 1, $"s{index}", call.Effect) with { Tool = call.Tool })]);

    private static CompensationEntry Entry(int index, int turn, string step, ActionOutcome effect) =>
        new() { Index = index, Turn = turn, StepId = step, Tool = "issue_refund", IdempotencyKey = $"s/{turn}/{step}", Action = effect };

    private static TranscriptTurn Turn(int turn, string step, string tool, int order, ObservationStatus status) => new(
        turn,
        new Plan { Steps = [new PlanStep { Id = step, Tool = tool, Arguments = JsonSerializer.SerializeToElement(new { order_id = order, amount = 40.00m }) }] },
        [new Observation { Turn = turn, StepId = step, Tool = tool, Status = status }]);
}
