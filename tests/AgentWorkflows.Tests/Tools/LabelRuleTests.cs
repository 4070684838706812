using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

/// <summary>The rule of labels, against a model of it that keeps two flags and nothing else.</summary>
public sealed class LabelRuleTests
{
    private static readonly ObservationStatus[] SaidByTheTool = [ObservationStatus.Succeeded, ObservationStatus.CriteriaFailed, ObservationStatus.Failed];

    [Theory]
    [InlineData(ToolTier.Read, ToolTier.Read)]
    [InlineData(ToolTier.WriteSafe, ToolTier.WriteRisky)]
    [InlineData(ToolTier.WriteRisky, ToolTier.Destructive)]
    [InlineData(ToolTier.Destructive, ToolTier.Destructive)]
    public void AWriteThatReliesOnUntrustedText_CountsAsTheNextTier_AndAReadStaysOne(ToolTier tier, ToolTier counts)
    {
        Assert.Equal(counts, LabelRule.TierOf(tier, DataLabels.Untrusted | DataLabels.Confidential));
        Assert.Equal(tier, LabelRule.TierOf(tier, DataLabels.Confidential));
    }

    [Fact]
    public void InAnyOrderOfObservationsAndCalls_TheGateDecidesAsTheRuleSays()
    {
        var random = new Random(20_261_126);
        for (var round = 0; round < 400; round++)
        {
            var agent = Agent(random);
            var observed = new List<Observation>();
            var (untrusted, confidential) = (false, false);
            for (var step = 0; step < 12; step++)
            {
                var tool = agent.Tools[random.Next(agent.Tools.Count)];
                if (random.Next(2) == 0)
                {
                    var status = Enum.GetValues<ObservationStatus>()[random.Next(Enum.GetValues<ObservationStatus>().Length)];
                    observed.Add(new Observation { Turn = step, StepId = "a", Tool = tool.Name, Status = status, Labels = SeenLabels.LabelsOf(tool, status) });
                    untrusted |= SaidByTheTool.Contains(status) && tool.Labels.HasFlag(DataLabels.Untrusted);
                    confidential |= SaidByTheTool.Contains(status) && tool.Labels.HasFlag(DataLabels.Confidential);
                    continue;
                }
                var decision = ToolGate.Decide(new GateQuestion(agent, "user", tool.Name, JsonElement.Parse("{}"), new Dictionary<string, int>(), 1_000_000)
                {
                    Seen = SeenLabels.Of(observed),
                });
                var asks = tool.Tier >= ToolTier.WriteRisky || (tool.Tier == ToolTier.WriteSafe && untrusted);
                if (confidential && !tool.MaySee.HasFlag(DataLabels.Confidential))
                {
                    Assert.Equal("confidential_data", Assert.IsType<GateDecision.Refuse>(decision).Code);
                }
                else if (asks)
                {
                    var raised = untrusted && tool.Tier is ToolTier.WriteSafe or ToolTier.WriteRisky && untrusted;
                    Assert.Equal(raised, Assert.IsType<GateDecision.Ask>(decision).Reason.Contains("from outside the company", StringComparison.Ordinal));
                }
                else
                {
                    Assert.IsType<GateDecision.Run>(decision);
                }
            }
        }
    }

    [Fact]
    public void ARuleThatSparesByArguments_DoesNotSpareACallWhoseArgumentsUntrustedTextMayHaveChosen()
    {
        var agent = Agent(new Random(1)) with { Tools = [Contract("note", ToolTier.WriteSafe)] };
        var sparing = agent with { Approvals = agent.Approvals with { Rules = [new() { Tools = ["note"], Terms = agent.Approvals.Terms with { Required = 0 } }] } };
        var seen = new SeenLabels(["mail"], []);

        GateDecision Decide(AgentDefinition by, SeenLabels after) => ToolGate.Decide(
            new GateQuestion(by, "user", "note", JsonElement.Parse("{}"), new Dictionary<string, int>(), 1_000_000) { Seen = after });

        Assert.IsType<GateDecision.Run>(Decide(sparing, SeenLabels.None));
        Assert.IsType<GateDecision.Ask>(Decide(sparing, seen));
        // Where the policy asks about nothing of that tier, neither does this rule.
        Assert.IsType<GateDecision.Run>(Decide(agent with { Approvals = agent.Approvals with { Tiers = [ToolTier.Destructive] } }, seen));
    }

    private static AgentDefinition Agent(Random random) => new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Prices = new Dictionary<string, ModelPrice>(),
        Permissions = [new PermissionRule { Effect = PermissionEffect.Allow }],
        Tools = [.. Enumerable.Range(0, 6).Select(at => Contract($"tool_{at}", (ToolTier)random.Next(4)) with
        {
            Labels = (DataLabels)(random.Next(3) == 0 ? random.Next(4) : 0),
            MaySee = (DataLabels)(random.Next(2) * (int)DataLabels.Confidential),
        })],
    };

    private static ToolContract Contract(string name, ToolTier tier) => new()
    {
        Name = name,
        Implementation = name,
        Description = name,
        Tier = tier,
        Parameters = JsonElement.Parse("""{"type":"object","additionalProperties":false,"properties":{}}"""),
    };
}
