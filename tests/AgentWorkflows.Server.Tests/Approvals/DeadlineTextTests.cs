using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Approvals.Page;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>What a deadline means is said in the same words wherever a person reads it, before it passes and after.</summary>
public sealed class DeadlineTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(TimeoutMeaning.Reject, false, "it counts as rejected")]
    [InlineData(TimeoutMeaning.Halt, false, "it does not run, and the session ends")]
    [InlineData(TimeoutMeaning.Approve, false, "it runs, as the policy says")]
    [InlineData(TimeoutMeaning.Reject, true, "it counts as no")]
    public void A_deadline_means_the_same_in_API_command_line_page_and_messages(TimeoutMeaning meaning, bool question, string words)
    {
        var waiting = Request(meaning, question);
        var late = waiting with
        {
            Status = meaning == TimeoutMeaning.Approve ? ApprovalStatus.Approved : ApprovalStatus.Expired,
            Decision = new ApprovalDecision
            {
                DecisionId = "d",
                Status = meaning == TimeoutMeaning.Approve ? ApprovalStatus.Approved : ApprovalStatus.Expired,
                Approver = "agentworkflows",
                ArgumentsHash = waiting.ArgumentsHash,
                DecidedAt = waiting.ExpiresAt,
                BySystem = true,
            },
        };

        Assert.Equal(words, ApprovalResponse.From(waiting).Deadline);
        Assert.Contains(words, new ApprovalPage(waiting, "bo", Noon, []).Render().Content, StringComparison.Ordinal);
        Assert.Contains(MessageText.Facts(waiting), fact => fact.Name == "Expires" && fact.Value.EndsWith("; then " + words, StringComparison.Ordinal));
        foreach (var outcome in new DecideOutcome[] { new DecideOutcome.Expired(waiting), new DecideOutcome.AlreadyDecided(late) })
        {
            var problem = Assert.IsType<Problem>(ApprovalHandlers.Answer("a", outcome));
            Assert.Equal((410, "approval_expired"), (problem.Status, problem.Code));
            Assert.Contains(words, problem.Detail, StringComparison.Ordinal);
            Assert.Contains(words, DecisionText.Describe(outcome), StringComparison.Ordinal);
        }
        var shown = ApprovalResponse.From(late);
        Assert.True(shown.Decision!.BySystem);
        Assert.Equal(words, shown.Deadline);
    }

    [Fact]
    public void A_request_that_was_withdrawn_was_not_decided_by_its_deadline()
    {
        var withdrawn = Request(TimeoutMeaning.Approve, question: false) with
        {
            Status = ApprovalStatus.Withdrawn,
            Decision = new ApprovalDecision
            {
                DecisionId = "d",
                Status = ApprovalStatus.Withdrawn,
                Approver = "agentworkflows",
                ArgumentsHash = "h",
                DecidedAt = Noon,
                BySystem = true,
            },
        };

        Assert.False(Deadline.Decided(withdrawn));
        Assert.Equal("it does not run, because the session has ended", Deadline.Means(withdrawn));
        Assert.Equal("Not decided: the session ended before.", DecisionText.Describe(new DecideOutcome.AlreadyDecided(withdrawn)));
    }

    private static ApprovalRequest Request(TimeoutMeaning meaning, bool question) => new()
    {
        Id = "a",
        SessionId = "s",
        InstanceId = "s",
        Agent = "order-desk",
        Goal = "refund",
        UserId = "u",
        Turn = 1,
        StepId = "refund",
        Tool = "issue_refund",
        Tier = ToolTier.WriteRisky,
        Arguments = JsonElement.Parse("""{"order_id":1042}"""),
        ArgumentsHash = "h",
        Reason = "It costs money.",
        RequestedAt = Noon,
        ExpiresAt = Noon.AddHours(4),
        OnTimeout = meaning,
        IsQuestion = question,
    };
}
