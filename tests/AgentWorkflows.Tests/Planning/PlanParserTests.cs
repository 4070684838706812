using AgentWorkflows.Models.Plans;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class PlanParserTests
{
    private const string Step = """{"id":"a","tool":"get_order","arguments":{}}""";

    [Theory]
    [InlineData("""{"steps":[{"id":"a","tool":"t","arguments":{},"success_criteria":[]}]}""", "$.steps[0] has a member 'success_criteria' that the schema does not know. Allowed: id, tool, arguments, successCriteria,")]
    [InlineData("""{"plan":[]}""", "$ has a member 'plan' that the schema does not know. Allowed: reason, steps, answer")]
    [InlineData("""{"steps":[{"id":5,"tool":"t","arguments":{}}]}""", "$.steps[0].id must be string.")]
    [InlineData("""{"steps":[{"id":"a"}]}""", "$.steps[0] lacks tool, arguments.")]
    [InlineData("""{"steps":[{"id":"a","tool":"t","arguments":{},"onFailure":"Retry"}]}""", "$.steps[0].onFailure must be one of Replan, Alternative, AskHuman, Halt.")]
    [InlineData("""{"steps":[{"id":"a","tool":"t","arguments":{},"alternative":{"tool":1}}]}""", "$.steps[0].alternative.tool must be string.")]
    [InlineData("""{"steps":null}""", "$.steps must be array.")]
    [InlineData("[]", "$ must be object.")]
    [InlineData("""{"answer":"yes","answer":"no"}""", "twice")]
    [InlineData("""{"steps":[{"id":"a","tool":"t","arguments":{"amount":1,"amount":100}}]}""", "twice")]
    [InlineData("I think I should refund it.", "not one JSON object: line 1: 'I' is an invalid start of a value.")]
    [InlineData("""{"answer":"yes"} And more.""", "not one JSON object")]
    [InlineData("""Here it is: ```json {"answer":"yes"} ```""", "not one JSON object")]
    [InlineData("{}", "Give either steps or an answer; both are missing.")]
    [InlineData("""{"steps":[{"id":"a\n","tool":"t","arguments":{}}]}""", "is not a step id")]
    public void WhatIsNoPlan_IsRefusedWithWhereAndWhatIsAllowed_AndNoNamesOfOurCode(string text, string expected)
    {
        var problem = Assert.IsType<ParsedPlan.Invalid>(PlanParser.Parse(text)).Problem;

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("AgentWorkflows", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(".NET", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($$"""{"steps":[{{Step}}]}""")]
    [InlineData($$"""  {"steps":[{{Step}}]}  """)]
    [InlineData($"```json\n{{\"steps\":[{Step}]}}\n```\n")]
    [InlineData($"```\n{{\"steps\":[{Step}]}}\n```")]
    public void APlan_IsRead_AlsoFromACodeFenceOfItsOwn(string text)
    {
        var plan = Assert.IsType<ParsedPlan.Valid>(PlanParser.Parse(text)).Plan;

        Assert.Equal("get_order", Assert.Single(plan.Steps).Tool);
    }
}
