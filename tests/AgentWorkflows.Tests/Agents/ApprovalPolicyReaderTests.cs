using AgentWorkflows.Approvals;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

public sealed class ApprovalPolicyReaderTests
{
    [Fact]
    public void EveryKey_IsReadAndARuleKeepsWhatItDoesNotSay()
    {
        var policy = AgentFiles.Valid(agent: AgentFiles.Head + """
            approvals:
              tiers: [write_risky]
              groups:
                desk: [Ann@Example.com, bo@example.com]
                finance: [cy@example.com, di@example.com]
              approvers: [desk]
              timeout: 8h
              on_timeout: halt
              self_approval: false
              reminders: [1h, 4h]
              escalation:
                - {after: 2h, approvers: [finance]}
              rules:
                - {tools: [pay], argument: amount, above: 100, required: 2, approvers: [finance], reminders: []}
                - {tools: [pay], argument: amount, at_most: 2.50, required: 0}
                - {tiers: [read], cost_above: 0.25}

            """ + AgentFiles.Tools).Approvals;

        Assert.Equal([ToolTier.WriteRisky], policy.Tiers);
        Assert.Equal(["ann@example.com", "bo@example.com"], policy.Groups["desk"]);
        Assert.Equal((1, TimeSpan.FromHours(8), TimeoutMeaning.Halt, false), (policy.Terms.Required, policy.Terms.Timeout, policy.Terms.OnTimeout, policy.Terms.SelfApproval));
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(4)], policy.Terms.Reminders);
        Assert.Equal(TimeSpan.FromHours(2), Assert.Single(policy.Terms.Escalation).After);
        var large = policy.Rules[0];
        Assert.Equal((2, 100m, TimeoutMeaning.Halt), (large.Terms.Required, large.Argument!.Above, large.Terms.OnTimeout));
        Assert.Equal(["finance"], large.Terms.Approvers);
        Assert.Empty(large.Terms.Reminders);
        Assert.Equal((0, 2.5m), (policy.Rules[1].Terms.Required, policy.Rules[1].Argument!.AtMost));
        Assert.Equal(250_000, policy.Rules[2].CostAboveMicros);
    }

    [Theory]
    [InlineData("approver: [desk]", "approver: There is no such key. Did you mean 'approvers'?")]
    [InlineData("approvers: [desk]", "approvals.approvers: 'desk' is not a group. There are no groups; add 'groups' to 'approvals'.")]
    [InlineData("groups: {desk: []}", "approvals.groups.desk: A group is a list of 1 to 20 different people")]
    [InlineData("groups: {desk: [ann, ANN]}", "approvals.groups.desk: A group is a list of 1 to 20 different people")]
    [InlineData("{groups: {desk: [ann]}, approvers: [desk], required: 2}", "approvals.required: 2 different people have to approve, but only 1 may.")]
    [InlineData("required: 0", "approvals.required: 0 is for rules.")]
    [InlineData("required: 6", "approvals.required: '6' is out of range. Allowed: whole numbers from 0 to 5.")]
    [InlineData("{timeout: 1h, reminders: [1h]}", "approvals.reminders: At most 5, each later than the one before and earlier than the timeout.")]
    [InlineData("reminders: [2h, 1h]", "approvals.reminders: At most 5, each later")]
    [InlineData("reminders: [soon]", "approvals.reminders: 'soon' is not a duration.")]
    [InlineData("{groups: {desk: [ann]}, escalation: [{after: 25h, approvers: [desk]}]}", "approvals.escalation: At most 5, each later")]
    [InlineData("escalation: [{after: 1h}]", "approvals.escalation[0]: A step needs 'after' and 'approvers'.")]
    [InlineData("on_timeout: shrug", "approvals.on_timeout: 'shrug' is not what a timeout can mean. Allowed: reject, halt, approve.")]
    [InlineData("rules: [{above: 5}]", "approvals.rules[0].argument: This key is required beside 'above' and 'at_most'")]
    [InlineData("rules: [{tools: [pay], argument: amount}]", "approvals.rules[0].argument: Give a bound")]
    [InlineData("rules: [{argument: amount, above: 5}]", "approvals.rules[0].tools: This key is required beside 'argument'")]
    [InlineData("rules: [{tools: [pay], argument: sum, above: 5}]", "approvals.rules[0].argument: 'pay' has no argument 'sum'.")]
    [InlineData("rules: [{tools: [fly]}]", "approvals.rules[0].tools: 'fly' matches no tool of this agent. Its tools: look, pay.")]
    [InlineData("rules: [{cost_above: 0.1, required: 0}]", "approvals.rules[0].required: Having spent more cannot spare a call its approval.")]
    public void ATermNobodyCouldFulfil_IsRefusedWithItsPlace(string approvals, string problem) => Assert.Contains(
        AgentFiles.Problems($"{AgentFiles.Head}approvals: {(approvals.StartsWith('{') ? approvals : "{" + approvals + "}")}\n{AgentFiles.Tools}"),
        line => line.StartsWith("desk/agent.yaml:", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal));
}
