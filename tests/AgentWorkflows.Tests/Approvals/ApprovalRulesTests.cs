using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Approvals;

public sealed class ApprovalRulesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly ApprovalPolicy Policy = new()
    {
        Groups = new Dictionary<string, IReadOnlyList<string>> { ["desk"] = ["ann", "bo"], ["finance"] = ["cy", "di"], ["chief"] = ["eve"] },
        Terms = new ApprovalTerms { Approvers = ["desk"], Escalation = [new EscalationStep(TimeSpan.FromHours(2), ["chief"])] },
        Rules =
        [
            Rule(new ApprovalTerms { Required = 2, Approvers = ["finance"], SelfApproval = false }) with { Tools = ["pay*"], Argument = new ArgumentThreshold("amount") { Above = 100 } },
            Rule(new ApprovalTerms { Required = 0 }) with { Tools = ["pay"], Argument = new ArgumentThreshold("amount") { AtMost = 5 } },
            Rule(new ApprovalTerms { Approvers = ["chief"] }) with { CostAboveMicros = 250_000 },
            Rule(new ApprovalTerms { OnTimeout = TimeoutMeaning.Approve }) with { Tools = ["drop", "note"] },
        ],
    };

    [Theory]
    [InlineData("pay", ToolTier.WriteRisky, """{"amount":100.01}""", 0, 2)]
    [InlineData("pay", ToolTier.WriteRisky, """{"amount":100}""", 0, 1)]
    [InlineData("pay", ToolTier.WriteRisky, """{"amount":5}""", 0, null)]
    [InlineData("pay", ToolTier.WriteRisky, """{"amount":5.01}""", 0, 1)]
    [InlineData("pay_back", ToolTier.WriteRisky, """{"amount":1}""", 0, 1)]
    [InlineData("look", ToolTier.Read, "{}", 250_000, null)]
    [InlineData("look", ToolTier.Read, "{}", 250_001, 1)]
    [InlineData("send", ToolTier.WriteRisky, "{}", 0, 1)]
    public void TheFirstRuleThatCoversACall_SaysHowManyHaveToApprove(string tool, ToolTier tier, string arguments, long cost, int? required) =>
        Assert.Equal(required, ApprovalRules.TermsOf(Policy, Tool(tool, tier), JsonElement.Parse(arguments), cost, mustAsk: false)?.Required);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"amount":"1"}""")]
    [InlineData("""{"amount":null}""")]
    [InlineData("""{"amount":1e30}""")]
    public void AnAmountThatIsMissingOrNoNumber_CountsAsAboveEveryBound(string arguments) =>
        Assert.Equal(2, ApprovalRules.TermsOf(Policy, Tool("pay", ToolTier.WriteRisky), JsonElement.Parse(arguments), 0, mustAsk: false)?.Required);

    [Fact]
    public void PermissionsThatAsk_AskWhateverARuleSpares() =>
        Assert.Equal(1, ApprovalRules.TermsOf(Policy, Tool("pay", ToolTier.WriteRisky), JsonElement.Parse("""{"amount":1}"""), 0, mustAsk: true)?.Required);

    [Theory]
    [InlineData("note", ToolTier.WriteSafe, false, TimeoutMeaning.Approve)]
    [InlineData("drop", ToolTier.Destructive, false, TimeoutMeaning.Reject)]
    [InlineData("note", ToolTier.WriteRisky, true, TimeoutMeaning.Reject)]
    public void Silence_NeverApprovesWhatCannotBeTakenBack(string tool, ToolTier tier, bool irreversible, TimeoutMeaning meaning) =>
        Assert.Equal(meaning, ApprovalRules.TermsOf(Policy, Tool(tool, tier) with { Irreversible = irreversible }, JsonElement.Parse("{}"), 0, mustAsk: true)!.OnTimeout);

    [Fact]
    public void PeopleMayDecideFromTheirStageOn()
    {
        var request = Request(Policy.Terms);

        Assert.Equal(ApproverVerdict.May, ApprovalRules.Check(request, " ANN ", At));
        Assert.Equal(ApproverVerdict.NotNamed, ApprovalRules.Check(request, "cy", At));
        Assert.Equal(ApproverVerdict.NotYet, ApprovalRules.Check(request, "eve", At.AddHours(2).AddTicks(-1)));
        Assert.Equal(ApproverVerdict.May, ApprovalRules.Check(request, "eve", At.AddHours(2)));
        Assert.Equal(["ann", "bo"], ApprovalRules.Awaited(request, At));
        Assert.Equal(["bo", "eve"], ApprovalRules.Awaited(request with { Votes = [Vote("Ann")] }, At.AddHours(2)));
    }

    [Fact]
    public void NobodyDecidesTheirOwnSession_WhereThePolicySaysSo()
    {
        var own = Request(new ApprovalTerms { Approvers = ["desk"], SelfApproval = false }) with { UserId = "Ann" };

        Assert.Equal(ApproverVerdict.OwnSession, ApprovalRules.Check(own, "ann", At));
        Assert.Equal(["bo"], ApprovalRules.Awaited(own, At));
        Assert.Equal(ApproverVerdict.OwnSession, ApprovalRules.Check(own with { Stages = [] }, "ANN ", At));
        Assert.Equal(ApproverVerdict.May, ApprovalRules.Check(own with { SelfApproval = true }, "ann", At));
    }

    [Theory]
    [InlineData("""{"amount":50}""", "ann", true)]
    [InlineData("""{"amount":500}""", "ann", false)]
    [InlineData("{}", "ann", false)]
    [InlineData("""{"amount":50}""", "cy", false)]
    public void AnEdit_IsAllowedOnlyToWhomItsOwnTermsWouldAsk(string arguments, string approver, bool allowed)
    {
        var terms = ApprovalRules.TermsOf(Policy, Tool("pay", ToolTier.WriteRisky), JsonElement.Parse(arguments), 0, mustAsk: false);

        Assert.Equal(allowed, ApprovalRules.AllowsEdit(Policy, Request(Policy.Terms), terms, approver, At));
    }

    [Fact]
    public void TheSchedule_IsInOrderAndEndsBeforeTheDeadline()
    {
        var terms = new ApprovalTerms
        {
            Timeout = TimeSpan.FromHours(4),
            Reminders = [TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4)],
            Escalation = [new EscalationStep(TimeSpan.FromHours(2), ["chief"]), new EscalationStep(TimeSpan.FromHours(3), ["chief"])],
        };

        Assert.Equal(
            [(1, NoticeKind.Reminder, 1), (2, NoticeKind.Escalation, 1), (2, NoticeKind.Reminder, 2), (3, NoticeKind.Escalation, 2)],
            ApprovalSchedule.Of(terms, At).Select(moment => ((int)(moment.At - At).TotalHours, moment.Kind, moment.Index)));
    }

    private static ApprovalRule Rule(ApprovalTerms terms) => new() { Terms = terms };

    private static ToolContract Tool(string name, ToolTier tier) =>
        new() { Name = name, Implementation = name, Description = name, Tier = tier, Parameters = JsonElement.Parse("{}") };

    private static ApprovalDecision Vote(string approver) =>
        new() { DecisionId = approver, Status = ApprovalStatus.Approved, Approver = approver, ArgumentsHash = "h", DecidedAt = At };

    private static ApprovalRequest Request(ApprovalTerms terms) => new()
    {
        Id = "a",
        SessionId = "s",
        InstanceId = "s",
        Agent = "desk",
        Goal = "pay",
        UserId = "u",
        Turn = 1,
        StepId = "pay",
        Tool = "pay",
        Tier = ToolTier.WriteRisky,
        Arguments = JsonElement.Parse("{}"),
        ArgumentsHash = "h",
        Reason = "money",
        RequestedAt = At,
        ExpiresAt = At + terms.Timeout,
        Required = terms.Required,
        Stages = ApprovalRules.StagesOf(Policy, terms, At),
        SelfApproval = terms.SelfApproval,
    };
}
