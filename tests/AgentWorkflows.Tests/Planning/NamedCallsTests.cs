using AgentWorkflows.Models.Plans;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class NamedCallsTests
{
    private const string Named = """{"reason":"r","steps":[{"id":"a","call":{"get_order":{"order_id":1042}},"onFailure":"Alternative","alternative":{"search_orders":{"text":"x"}},"undo":null}],"answer":null}""";

    [Fact]
    public void ACallThatIsNamedByItsKey_IsTheCallOfThatTool()
    {
        var step = Assert.Single(Assert.IsType<ParsedPlan.Valid>(PlanParser.Parse(Named)).Plan.Steps);

        Assert.Equal(("a", "get_order", """{"order_id":1042}"""), (step.Id, step.Tool, step.Arguments.GetRawText()));
        Assert.Equal(("search_orders", """{"text":"x"}"""), (step.Alternative!.Tool, step.Alternative.Arguments.GetRawText()));
    }

    [Fact]
    public void ThePlansOfBefore_AreShownInTheSameWords()
    {
        var plan = Assert.IsType<ParsedPlan.Valid>(PlanParser.Parse(Named)).Plan;

        var shown = NamedCalls.Shown(System.Text.Json.JsonSerializer.Serialize(plan, AgentWorkflows.Durability.DurableJson.Options));

        Assert.Contains("\"id\":\"a\",\"call\":{\"get_order\":{\"order_id\":1042}},", shown, StringComparison.Ordinal);
        Assert.Contains("\"alternative\":{\"search_orders\":{\"text\":\"x\"}}", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tool\"", shown, StringComparison.Ordinal);
        var again = Assert.IsType<ParsedPlan.Valid>(PlanParser.Parse(shown)).Plan;
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(plan), System.Text.Json.JsonSerializer.Serialize(again));
    }

    [Fact]
    public void WhatHasNoCalls_IsShownAsItIs() => Assert.Equal("""{"answer":"a"}""", NamedCalls.Shown("""{"answer":"a"}"""));

    [Theory]
    [InlineData("""{"steps":[{"id":"a","call":{}}]}""", "$.steps[0].call must be an object with one member")]
    [InlineData("""{"steps":[{"id":"a","call":{"x":{},"y":{}}}]}""", "$.steps[0].call must be an object with one member")]
    [InlineData("""{"steps":[{"id":"a","call":{"x":1}}]}""", "$.steps[0].call must be an object with one member")]
    [InlineData("""{"steps":[{"id":"a","call":"x"}]}""", "$.steps[0].call must be an object with one member")]
    [InlineData("""{"steps":[{"id":"a","call":{"x":{}},"tool":"y","arguments":{}}]}""", "has a member 'call'")]
    [InlineData("""{"steps":[{"id":"a","call":{"x":{"n":1,"n":100}}}]}""", "twice")]
    [InlineData("""{"steps":[{"id":"a","call":{"x":{}}}],"answer":"call"} more""", "not one JSON object")]
    public void ACallThatNamesNoOneTool_IsRefused(string text, string problem) =>
        Assert.Contains(problem, Assert.IsType<ParsedPlan.Invalid>(PlanParser.Parse(text)).Problem, StringComparison.Ordinal);
}
