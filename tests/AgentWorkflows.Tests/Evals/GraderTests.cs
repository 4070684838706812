using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Evals;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Evals;

/// <summary>One trial that found order 7, paid 5 USD for it after it was asked, and said so; judged by one expectation at a time.</summary>
public sealed class GraderTests
{
    private static readonly TrialRecord Paid = new()
    {
        Status = SessionStatus.Completed,
        Answer = "Order 7 was refunded: 5 USD, refund R-1.",
        Calls =
        [
            Call("find", """{"order": 7}""", """{"order": 7, "owner": {"name": "Ada"}}"""),
            Call("pay", """{"order": 7, "amount": 5.0, "why": "it broke"}""", """{"id": "R-1"}"""),
            new TrialCall(2, "tell", "tell", Json("""{"order": 7}"""), Ran: false, null),
        ],
        Asked = ["pay"],
        CostMicros = 2_000,
        Tokens = 900,
        Turns = 3,
        Latency = TimeSpan.FromSeconds(2),
        State = [Json("""{"status": "paid", "left": 0}""")],
    };

    [Theory]
    [InlineData("status: [completed]", "status: [halted]", "The session is completed, but should be halted.")]
    [InlineData("tools: {used: [pay]}", "tools: {used: [tell]}", "tell did not run. What ran: find, pay.")]
    [InlineData("tools: {forbidden: [tell]}", "tools: {forbidden: [pay]}", "pay ran. What ran: find, pay.")]
    [InlineData("tools: {order: [find, pay]}", "tools: {order: [pay, find]}", "The order should be pay, find; find did not come in its place.")]
    [InlineData("calls: [{tool: pay, count: 1}]", "calls: [{tool: pay, count: 2}]", "pay ran as described 1 of 1 times, but should 2 times.")]
    [InlineData("calls: [{tool: pay, arguments: {amount: {equals: 5}}}]", "calls: [{tool: pay, arguments: {amount: {equals: 6}}}]", "pay ran as described 0 of 1 times, but should at least once. 'amount' is 5.0, but should be 6.")]
    [InlineData("calls: [{tool: pay, arguments: {amount: {min: 1, max: 5}}}]", "calls: [{tool: pay, arguments: {amount: {max: 4}}}]", "pay ran as described 0 of 1 times, but should at least once. 'amount' is 5.0, but should be at most 4.")]
    [InlineData("calls: [{tool: pay, arguments: {why: {matches: bro.e}}}]", "calls: [{tool: pay, arguments: {why: {contains: late}}}]", "pay ran as described 0 of 1 times")]
    [InlineData("calls: [{tool: pay, arguments: {note: {absent: true}}}]", "calls: [{tool: pay, arguments: {why: {absent: true}}}]", "pay ran as described 0 of 1 times")]
    [InlineData("approvals: {asked: [pay], not_asked: [tell]}", "approvals: {not_asked: ['*']}", "A person was asked about pay.")]
    [InlineData("answer: {contains: [R-1]}", "answer: {contains: [R-2]}", "'R-2' is not in the answer. The answer: Order 7")]
    [InlineData("answer: {matches: ['R-\\d']}", "answer: {matches: ['X-\\d']}", "Nothing in the answer matches X-\\d.")]
    [InlineData("answer: {forbids: [sorry]}", "answer: {forbids: [refunded]}", "The answer matches refunded.")]
    [InlineData("facts: [{tool: pay, path: id}]", "facts: [{tool: find, path: owner.name}]", "The answer does not say what find answered at 'owner.name': Ada.")]
    [InlineData("max_cost_usd: 0.002", "max_cost_usd: 0.001", "It cost 0.002 USD, but should at most 0.001.")]
    [InlineData("max_tokens: 900", "max_tokens: 899", "It took 900 tokens, but should at most 899.")]
    [InlineData("max_turns: 3", "max_turns: 2", "It took 3 turns, but should at most 2.")]
    [InlineData("max_latency: 2s", "max_latency: 1s", "It took 2.00 s, but should at most 1.00 s.")]
    [InlineData("state: [{tool: find, values: {status: {equals: paid}}}]", "state: [{tool: find, values: {left: {not_equals: 0}}}]", "find: 'left' is 0, but should not be 0.")]
    public void What_is_as_expected_passes_and_what_is_not_says_why(string right, string wrong, string message)
    {
        Assert.Empty(Grade(right));
        Assert.StartsWith(message, Assert.Single(Grade(wrong)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1, 0.5, true)]
    [InlineData(1, 2, 0.5, false)]
    [InlineData(2, 1, 0.9, false)]
    public void A_judges_votes_count_by_their_share(int yes, int no, double atLeast, bool passes)
    {
        var wanted = new EvalCase { Agent = "desk", Name = "one", Goal = "Pay", Judge = new EvalJudge("default", "Is it kind?", 3, atLeast) };
        var trial = Paid with { Verdict = new JudgeVerdict("m#1", yes, no, 0, 10) };

        Assert.Equal(passes, Grader.Grade(wanted, trial).Count == 0);
        Assert.Equal(1 / 3.0, trial.Verdict.Disagreement, 6);
    }

    private static IReadOnlyList<RubricProblem> Grade(string expect)
    {
        var problems = new List<AgentProblem>();
        var wanted = Assert.Single(new EvalReader(YamlFile.Of($"cases:\n  - name: one\n    goal: Pay\n    expect:\n      {expect}\n", problems), "desk", null).Read());
        Assert.Empty(problems);
        return Grader.Grade(wanted, Paid);
    }

    private static TrialCall Call(string tool, string arguments, string result) => new(1, tool, tool, Json(arguments), Ran: true, Json(result));

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
