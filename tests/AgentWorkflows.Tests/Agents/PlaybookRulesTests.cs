using Xunit;

namespace AgentWorkflows.Tests.Agents;

public sealed class PlaybookRulesTests
{
    [Theory]
    [InlineData("'look ('", "{id: a, tool: look, arguments: {id: 1}}", "A", "entries[0].goal: Not a regular expression")]
    [InlineData("x", "{id: a, tool: unpay, arguments: {action_key: x}}", "A", "entries[0].turns[0].steps[0].tool: The agent offers no tool 'unpay'. Offered: look, pay.")]
    [InlineData("x", "{id: a, tool: look, arguments: {order: 1, id: 1}}", "A", "entries[0].turns[0].steps[0].arguments: 'look' has no argument 'order'.")]
    [InlineData("x", "{id: a, tool: look}", "A", "entries[0].turns[0].steps[0].arguments: 'look' requires the argument 'id'.")]
    [InlineData("x", "{id: a, tool: look, arguments: {id: '{goal.order}'}}", "A", "entries[0].turns[0].steps[0].arguments: {goal.order} points at nothing.")]
    [InlineData("x", "{id: a, tool: look, arguments: {id: {goal.order}}}", "A", "entries[0].turns[0].steps[0].arguments.id: A reference must be quoted: \"{goal.order}\".")]
    [InlineData("x", "{id: a, tool: look, arguments: {id: 1}}", "'{b.id}'", "entries[0].answer: {b.id} points at nothing.")]
    [InlineData("x", "{id: goal, tool: look, arguments: {id: 1}}", "A", "entries[0].turns[0].steps[0].id: 'goal' is not a step id.")]
    [InlineData("x", "{id: a, tool: look, arguments: {id: 1}, on_failure: alternative}", "A", "entries[0].turns[0].steps[0].alternative: 'alternative' and")]
    [InlineData("x", "{id: a, tool: look, arguments: {id: 1}, success_criteria: [{path: id, operator: equals}]}", "A", "entries[0].turns[0].steps[0].success_criteria[0].value: The operator 'equals' needs a value.")]
    public void An_entry_that_could_not_be_followed_is_refused(string goal, string step, string answer, string problem)
    {
        var playbook = $"""
            otherwise: No.
            entries:
              - name: one
                goal: {goal}
                turns:
                  - reason: Because.
                    steps:
                      - {step}
                answer: {answer}
            """;

        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools, playbook),
            line => line.StartsWith("desk/playbook.yaml:", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reaction_to_something_that_cannot_happen_is_refused()
    {
        var problems = AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools, """
            otherwise: No.
            entries:
              - name: one
                goal: x
                turns:
                  - reason: Because.
                    steps: [{id: a, tool: look, arguments: {id: 1}}]
                answer: A
                reactions:
                  a.exploded: E
                  b.failed: "{message}"
            """);

        Assert.Contains("desk/playbook.yaml:9: entries[0].reactions: 'b.failed' names no step. Write STATUS or STEP.STATUS; the steps are a.", problems);
        Assert.Contains(problems, line => line.Contains("'exploded' is not a status. Allowed: succeeded, criteria_failed,", StringComparison.Ordinal));
    }
}
