using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Evals;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Evals;

public sealed class EvalReaderTests
{
    [Fact]
    public void A_case_is_read_with_all_it_expects()
    {
        var (cases, problems) = Read("""
            cases:
              - name: refund
                goal: Refund order 1
                trials: 5
                approvals: {reject: [pay]}
                fixtures: [{tool: pay, when: {order: 1}, result: {id: R1}, times: 2}]
                expect:
                  status: [completed, halted]
                  tools: {used: [pay], order: [pay, tell]}
                  calls: [{tool: pay, count: 1, arguments: {order: {equals: 1}, amount: {min: 1, max: 2.5}}}]
                  answer: {contains: [paid], forbids: ["sorry"]}
                  max_latency: 10s
                  max_cost_usd: 0.5
            """);

        Assert.Empty(problems);
        var read = Assert.Single(cases);
        Assert.Equal(5, read.Trials);
        Assert.Equal([SessionStatus.Completed, SessionStatus.Halted], read.Expect.Statuses);
        Assert.Equal(2.5m, read.Expect.Calls[0].Arguments[1].Check.Max);
        Assert.Equal(500_000, read.Expect.MaxCostMicros);
        Assert.Equal(2, Assert.Single(read.Fixtures).Times);
    }

    [Theory]
    [InlineData("name: Refund", "cases[0].name", "'Refund' is not a name. Allowed: 1 to 64 of a-z, 0-9 and -.")]
    [InlineData("expect: {status: [done]}", "cases[0].expect.status", "'done' is not how a session ends. Allowed: completed,")]
    [InlineData("expect: {answer: {matches: ['(']}}", "cases[0].expect.answer.matches", "Not a regular expression")]
    [InlineData("fixtures: [{tool: pay}]", "cases[0].fixtures[0]", "A fixture needs either 'result' or 'failure'.")]
    [InlineData("fixtures: [{tool: pay, failure: {kind: loud, message: no}}]", "cases[0].fixtures[0].failure.kind", "'loud' is not a kind of failure. Allowed: transient,")]
    [InlineData("expect: {calls: [{tool: pay, arguments: {order: {}}}]}", "cases[0].expect.calls[0].arguments.order", "This asks for nothing.")]
    [InlineData("expect: {state: [{tool: pay}]}", "cases[0].expect.state[0].values", "This key is required, with at least one path.")]
    [InlineData("trials: 0", "cases[0].trials", "'0' is out of range. Allowed: whole numbers from 1 to 1,000.")]
    [InlineData("expects: {}", "cases[0].expects", "There is no such key. Did you mean 'expect'?")]
    public void What_is_wrong_is_told_with_its_line_and_what_is_allowed(string line, string key, string message)
    {
        var name = line.StartsWith("name:", StringComparison.Ordinal) ? "" : "\n    name: one";
        var (_, problems) = Read($"cases:\n  - goal: Pay{name}\n    {line}\n");

        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.Equal(name.Length == 0 ? 3 : 4, problem.Line);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<EvalCase> Cases, List<AgentProblem> Problems) Read(string text)
    {
        var problems = new List<AgentProblem>();
        return (new EvalReader(YamlFile.Of(text, problems), "desk", null).Read(), problems);
    }
}
