using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Tests.Agents;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class PlaybookModelTests
{
    private const string Playbook = """
        otherwise: I have no script for {context.user_id}.
        entries:
          - name: pay
            goal: 'pay (?<id>\d+)( and (?<amount>[\d.]+))?'
            turns:
              - reason: Look at {goal.id}.
                steps: [{id: seen, tool: look, arguments: {id: "{goal.id}", hint: "{goal.id}"}}]
              - reason: "It is {seen.state}."
                when: {seen.state: open}
                else_answer: "It is {seen.state|unknown}."
                steps:
                  - {id: first, tool: pay, arguments: {id: "{seen.next.id}", amount: "{goal.amount}"}, on_failure: halt}
                  - {id: second, tool: pay, arguments: {id: 2}}
            answer: "Paid {first.ids.no} and {second.amount|nothing} for {context.user_id}."
            reactions:
              first.rejected: "First: {message}"
              refused: "Refused: {message}"
        """;

    private static readonly Observation Seen = Observe("seen", "look", """{"state": "open", "next": {"id": 7}}""");

    [Fact(Timeout = 30_000)]
    public async Task Text_from_the_goal_becomes_what_the_tools_schema_asks_for_and_absent_groups_are_left_out()
    {
        var first = await PlanAsync("Pay 42");
        var second = await PlanAsync("Pay 42", Seen);
        var withAmount = await PlanAsync("Pay 42 and 1.50", Seen);

        Assert.Equal("""{"hint":"42","id":42}""", Assert.Single(first.Steps).Arguments.GetRawText());
        Assert.Equal("Look at 42.", first.Reason);
        Assert.Equal(["""{"id":7}""", """{"id":2}"""], second.Steps.Select(step => step.Arguments.GetRawText()));
        Assert.Equal(OnFailure.Halt, second.Steps[0].OnFailure);
        Assert.Equal("""{"amount":1.50,"id":7}""", withAmount.Steps[0].Arguments.GetRawText());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_answer_is_filled_from_results_and_lists_are_joined() =>
        Assert.Equal(
            "Paid 1, 2 and nothing for u-1.",
            (await PlanAsync("Pay 42", Seen, Observe("first", "pay", """{"ids": [{"no": 1}, {"no": 2}]}"""), Observe("second", "pay", "{}"))).Answer);

    [Fact(Timeout = 30_000)]
    public async Task A_condition_that_does_not_hold_ends_with_its_answer() =>
        Assert.Equal("It is unknown.", (await PlanAsync("Pay 42", Observe("seen", "look", "{}"))).Answer);

    [Theory(Timeout = 30_000)]
    [InlineData("first", ObservationStatus.Rejected, "First: too much")]
    [InlineData("second", ObservationStatus.Rejected, "I did not run pay, because a person said no: too much")]
    [InlineData("first", ObservationStatus.Refused, "Refused: too much")]
    [InlineData("first", ObservationStatus.Failed, "pay did not work: too much")]
    [InlineData("first", ObservationStatus.ApprovalExpired, "I did not run pay, because nobody approved it in time.")]
    [InlineData("first", ObservationStatus.CriteriaFailed, "pay ran, but its result is not what was needed: too much")]
    internal async Task A_step_that_did_not_succeed_is_answered_with_its_reason(string step, ObservationStatus status, string answer)
    {
        var problem = new Observation { Turn = 2, StepId = step, Tool = "pay", Status = status, Message = "too much" };
        var skipped = new Observation { Turn = 2, StepId = step == "first" ? "second" : "first", Tool = "pay", Status = ObservationStatus.Skipped };

        Assert.Equal(answer, (await PlanAsync("Pay 42", Seen, problem, skipped)).Answer);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_goal_without_a_script_is_said_to_have_none() => Assert.Equal("I have no script for u-1.", (await PlanAsync("Sing")).Answer);

    [Fact(Timeout = 30_000)]
    public async Task The_same_messages_get_the_same_answer_and_the_same_count_of_tokens()
    {
        var first = Assert.IsType<ChatResult.Completed>(await CompleteAsync(AgentFiles.Valid(Playbook), "Pay 42"));

        Assert.Equal(first, await CompleteAsync(AgentFiles.Valid(Playbook), "Pay 42"));
        Assert.Equal(0, first.Usage.CachedInputTokens);
        Assert.Equal((first.Text.Length + 3) / 4, first.Usage.OutputTokens);
        Assert.Equal("offline-playbook", first.Model);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(ModelPurpose.Classify, "pay")]
    [InlineData(ModelPurpose.Answer, "I had to stop before the goal was reached. Done: look. Not done: pay, pay.")]
    public async Task Other_purposes_get_plain_text(ModelPurpose purpose, string text) =>
        Assert.Equal(text, Assert.IsType<ChatResult.Completed>(await CompleteAsync(AgentFiles.Valid(Playbook), "Pay 42", purpose, Seen)).Text);

    [Fact(Timeout = 30_000)]
    public async Task An_agent_without_a_playbook_is_a_failure_that_costs_nothing()
    {
        var failed = Assert.IsType<ChatResult.Failed>(await CompleteAsync(AgentFiles.Valid(), "Pay 42"));

        Assert.Equal((ChatFailureKind.UnknownDeployment, false), (failed.Kind, failed.Billed));
    }

    private static Observation Observe(string step, string tool, string result) => new()
    {
        Turn = 1,
        StepId = step,
        Tool = tool,
        Status = ObservationStatus.Succeeded,
        Result = JsonSerializer.Deserialize<JsonElement>(result),
    };

    private static async Task<Plan> PlanAsync(string goal, params Observation[] observations) =>
        JsonSerializer.Deserialize<Plan>(
            Assert.IsType<ChatResult.Completed>(await CompleteAsync(AgentFiles.Valid(Playbook), goal, ModelPurpose.Plan, observations)).Text, DurableJson.Options)!;

    private static async Task<ChatResult> CompleteAsync(
        AgentDefinition agent, string goal, ModelPurpose purpose = ModelPurpose.Plan, params Observation[] observations)
    {
        var snapshots = new AgentSnapshots(new SnapshotStore());
        var request = new ChatRequest
        {
            SessionId = "s",
            Turn = 1,
            SnapshotHash = await snapshots.SaveAsync(agent, default),
            Purpose = purpose,
            Deployment = PlaybookModel.Deployment,
            MaxOutputTokens = 1000,
            Messages =
            [
                new ChatMessage(ChatRole.System, agent.Instructions),
                new ChatMessage(ChatRole.User, JsonSerializer.Serialize(new { goal, context = new { user_id = "u-1" } })),
                .. observations.Select(observation => new ChatMessage(ChatRole.Tool, JsonSerializer.Serialize(observation, DurableJson.Options))),
            ],
        };
        return await new PlaybookModel(snapshots).CompleteAsync(request, default);
    }
}
