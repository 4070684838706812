using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class ToolGateTests
{
    [Fact]
    public void AReadRuns_AndARiskyCallAsks()
    {
        Assert.IsType<GateDecision.Run>(Decide("look", """{"id":1}"""));
        Assert.Contains("payment", Assert.IsType<GateDecision.Ask>(Decide("pay", """{"id":1}""")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop_tables", "{}", "unknown_tool", "Use one of: look, pay.")]
    [InlineData("unpay", "{}", "unknown_tool", "Use one of: look, pay.")]
    [InlineData("look", """{"id":"1042; DROP TABLE orders"}""", "invalid_arguments", "id (integer from 1 to 2000, required)")]
    [InlineData("look", """{"id":"../../etc/passwd"}""", "invalid_arguments", "id (integer from 1 to 2000, required)")]
    [InlineData("look", """{"id":1.5}""", "invalid_arguments", "id (integer")]
    [InlineData("look", """{"id":99999}""", "invalid_arguments", "from 1 to 2000")]
    [InlineData("look", """{"id":1,"force":true}""", "invalid_arguments", "id (integer")]
    [InlineData("look", "{}", "invalid_arguments", "id (integer")]
    [InlineData("look", """[1]""", "invalid_arguments", "id (integer")]
    [InlineData("look", """{"id":1,"currency":"EUR"}""", "invalid_arguments", "one of USD, GBP")]
    public void WhatAModelGetsWrong_IsRefusedWithTheAllowedValues(string tool, string arguments, string code, string advice)
    {
        var refusal = Assert.IsType<GateDecision.Refuse>(Decide(tool, arguments));

        Assert.Equal(code, refusal.Code);
        Assert.Contains(advice, refusal.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void AnArgumentOfTenMegabytes_IsRefusedInAShortMessage()
    {
        var refusal = Assert.IsType<GateDecision.Refuse>(Decide("look", $$"""{"id":1,"currency":"{{new string('x', 10_000_000)}}"}"""));

        Assert.Contains("larger than 64 KiB", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length + refusal.Suggestion.Length, 1, 1000);
    }

    [Fact]
    public void ADeepArgument_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));

        Assert.Equal("invalid_arguments", Assert.IsType<GateDecision.Refuse>(Decide("look", $$"""{"id":{{deep}}}""")).Code);
    }

    [Fact]
    public void ADeniedCall_IsRefused_WhateverItsTier_AndHoweverTheNumberIsWritten()
    {
        PermissionRule[] rules = [new() { Tools = ["look"], Resources = ["id=1042"], Effect = PermissionEffect.Deny }, new() { Effect = PermissionEffect.Allow }];

        foreach (var written in new[] { "1042", "1042.0", "1.042e3", "104200e-2" })
        {
            var refusal = Assert.IsType<GateDecision.Refuse>(Decide("look", $$"""{"id":{{written}}}""", rules));
            Assert.Contains(refusal.Code, (string[])["not_permitted", "invalid_arguments"]);
        }
        Assert.IsType<GateDecision.Run>(Decide("look", """{"id":1041}""", rules));
    }

    [Fact]
    public void ARuleThatAsks_AsksForAToolOfAnyTier_AndOneThatAllowsDoesNotSpareTheApproval()
    {
        Assert.IsType<GateDecision.Ask>(Decide("look", """{"id":1}""", [new PermissionRule { Effect = PermissionEffect.Ask }]));
        Assert.IsType<GateDecision.Ask>(Decide("pay", """{"id":1}""", [new PermissionRule { Effect = PermissionEffect.Allow }]));
    }

    [Fact]
    public void AnEdit_PermitsNothingNew()
    {
        var agent = Agent([new() { Resources = ["id=1"], Effect = PermissionEffect.Allow }]);

        Assert.Null(ToolGate.CheckEdited(agent, "user", "pay", JsonElement.Parse("""{"id":1,"currency":"GBP"}""")));
        Assert.Equal("not_permitted", ToolGate.CheckEdited(agent, "user", "pay", JsonElement.Parse("""{"id":2}"""))!.Code);
        Assert.Equal("invalid_arguments", ToolGate.CheckEdited(agent, "user", "pay", JsonElement.Parse("""{"id":1,"currency":"EUR"}"""))!.Code);
    }

    [Fact]
    public void ACallTheSessionCannotPayFor_IsRefusedWithBothAmounts()
    {
        var refusal = Assert.IsType<GateDecision.Refuse>(ToolGate.Decide(Question("pay", """{"id":1}""") with { RemainingMicros = 1_999 }));

        Assert.Equal(("over_budget", true, true), (refusal.Code, refusal.Message.Contains("0.002 USD"), refusal.Message.Contains("0.001999 USD")));
    }

    [Fact]
    public void TheCallAfterTheLast_IsRefused()
    {
        var refusal = ToolGate.Decide(Question("pay", """{"id":1}""") with { CallsByTool = new Dictionary<string, int> { ["pay"] = 2 } });

        Assert.Equal("max_calls_per_session", Assert.IsType<GateDecision.Refuse>(refusal).Code);
    }

    [Fact]
    public void ToolsTheRoleMayNeverCall_AreNotAmongTheAdvice() =>
        Assert.Equal("Use one of: look.", Assert.IsType<GateDecision.Refuse>(
            Decide("nothing", "{}", [new PermissionRule { Tools = ["look"], Effect = PermissionEffect.Allow }])).Suggestion);

    private static GateDecision Decide(string tool, string arguments, IReadOnlyList<PermissionRule>? rules = null) => ToolGate.Decide(Question(tool, arguments, rules));

    private static GateQuestion Question(string tool, string arguments, IReadOnlyList<PermissionRule>? rules = null) => new(
        Agent(rules ?? [new PermissionRule { Effect = PermissionEffect.Allow }]), "user", tool, JsonElement.Parse(arguments), new Dictionary<string, int>(), 1_000_000);

    private static AgentDefinition Agent(IReadOnlyList<PermissionRule> rules) => new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Prices = new Dictionary<string, ModelPrice>(),
        Permissions = rules,
        Approvals = new ApprovalPolicy(),
        Tools =
        [
            Contract("look", ToolTier.Read),
            Contract("pay", ToolTier.WriteRisky) with { SideEffects = ["payment"], MaxCallsPerSession = 2, CostMicrosPerCall = 2_000 },
            Contract("unpay", ToolTier.WriteRisky) with { Offered = false },
        ],
    };

    private static ToolContract Contract(string name, ToolTier tier) => new()
    {
        Name = name,
        Implementation = name,
        Description = name,
        Tier = tier,
        ResourceArgument = "id",
        Parameters = JsonElement.Parse("""
            {"type":"object","additionalProperties":false,"required":["id"],"properties":{
              "id":{"type":"integer","minimum":1,"maximum":2000},"currency":{"type":"string","enum":["USD","GBP"]}}}
            """),
    };
}
