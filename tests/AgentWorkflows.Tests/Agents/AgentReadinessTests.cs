using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

/// <summary>What production asks of an agent.</summary>
public class AgentReadinessTests
{
    [Fact]
    public void AnAgentWithEverythingInOrder_HasNoFindingsToAct() => Assert.All(Check(Agent), finding => Assert.Equal(ReadinessStatus.Ok, finding.Status));

    [Fact]
    public void AModelWithoutAPrice_Fails() =>
        Assert.Equal(ReadinessStatus.Failed, Of("prices_known", Agent with { Prices = new Dictionary<string, ModelPrice>() }).Status);

    [Fact]
    public void ATierNobodyChose_Fails() => Assert.Contains("send", AgentReadiness.Check(Agent, new CostCapOptions(), _ => "m", ["send"])
        .Single(finding => finding is { Code: "tiers_set", Status: ReadinessStatus.Failed }).Message, StringComparison.Ordinal);

    [Fact]
    public void ARiskyToolThatAsksNobody_Fails() =>
        Assert.Equal(ReadinessStatus.Failed, Of("approvals_asked", Agent with { Approvals = new ApprovalPolicy { Tiers = [ToolTier.Destructive] } }).Status);

    [Fact]
    public void ASessionThatMayCostMoreThanItsUsersDay_IsAWarning() =>
        Assert.Equal(ReadinessStatus.Warning, Of("caps_set", Agent with { Limits = new SessionLimits { MaxCostMicros = 6_000_000 } }).Status);

    [Fact]
    public void WhatNothingTakesBackOrMayNotBeCalledTwice_IsAWarning()
    {
        var agent = Agent with { Tools = [Tool("send", ToolTier.WriteRisky) with { Compensation = null, Irreversible = true, Idempotent = false }] };

        Assert.Equal(ReadinessStatus.Warning, Of("compensations_present", agent).Status);
        Assert.Equal(ReadinessStatus.Warning, Of("idempotency", agent).Status);
    }

    [Fact]
    public void EverythingAllowedToEverybody_IsAWarning() =>
        Assert.Equal(ReadinessStatus.Warning, Of("permissions_narrow", Agent with { Permissions = [new PermissionRule { Effect = PermissionEffect.Allow }] }).Status);

    private static AgentDefinition Agent => new()
    {
        Name = "desk",
        Version = "1",
        Description = "",
        Instructions = "",
        Models = new Dictionary<ModelPurpose, ModelRoute> { [ModelPurpose.Plan] = new() },
        Tools = [Tool("send", ToolTier.WriteRisky), Tool("look", ToolTier.Read)],
        Permissions = [new PermissionRule { Roles = ["clerk"], Effect = PermissionEffect.Allow }],
        Prices = new Dictionary<string, ModelPrice>
        {
            ["m"] = new() { InputMicrosPerMillion = 1, CachedInputMicrosPerMillion = 1, OutputMicrosPerMillion = 1, SheetVersion = "1" },
        },
    };

    private static ToolContract Tool(string name, ToolTier tier) => new()
    {
        Name = name,
        Implementation = name,
        Description = "",
        Tier = tier,
        Idempotent = true,
        Compensation = tier == ToolTier.Read ? null : new CompensationContract { Tool = "undo" },
        Parameters = System.Text.Json.JsonElement.Parse("{}"),
    };

    private static IReadOnlyList<ReadinessFinding> Check(AgentDefinition agent) => AgentReadiness.Check(agent, new CostCapOptions(), _ => "m", []);

    private static ReadinessFinding Of(string code, AgentDefinition agent) => Check(agent).Single(finding => finding.Code == code);
}
