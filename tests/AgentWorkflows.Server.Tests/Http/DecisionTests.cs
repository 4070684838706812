using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

public class DecisionTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Read_EditWithoutArguments_IsRefused()
    {
        var problems = new List<RequestProblem>();

        Assert.Null(DecisionBody.Read(JsonElement.Parse("""{"decision":"edit","argumentsHash":"x","approver":"u"}"""), problems));

        Assert.Equal("$.arguments", Assert.Single(problems).Path);
    }

    [Fact]
    public void Read_ApproveWithArguments_IsRefused()
    {
        // Else somebody could believe the changed arguments were what ran.
        var problems = new List<RequestProblem>();

        Assert.Null(DecisionBody.Read(JsonElement.Parse("""{"decision":"approve","arguments":{},"argumentsHash":"x","approver":"u"}"""), problems));

        Assert.Equal("unexpected_field", Assert.Single(problems).Code);
    }

    [Fact]
    public void Read_UnknownDecision_NamesTheAllowedOnes()
    {
        var problems = new List<RequestProblem>();

        Assert.Null(DecisionBody.Read(JsonElement.Parse("""{"decision":"Approve","argumentsHash":"x","approver":"u"}"""), problems));

        var problem = Assert.Single(problems);
        Assert.Equal("$.decision", problem.Path);
        Assert.Contains("approve, reject, edit", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_AlreadyDecided_NamesWhoAndWhen()
    {
        var request = Request(ApprovalStatus.Approved) with
        {
            Decision = new ApprovalDecision { DecisionId = "d", Status = ApprovalStatus.Approved, Approver = "ada", ArgumentsHash = "h", DecidedAt = At },
        };

        var problem = Assert.IsType<Problem>(ApprovalHandlers.Answer("a", new DecideOutcome.AlreadyDecided(request)));

        Assert.Equal((409, "approval_already_decided"), (problem.Status, problem.Code));
        Assert.Equal("ada decided this on 2026-11-21 at 09:30:00 UTC: Approved.", problem.Detail);
    }

    [Fact]
    public void Answer_EveryOtherOutcome_HasItsStatusAndCode()
    {
        Assert.Equal((409, "stale_approval"), Code(new DecideOutcome.Stale(Request(ApprovalStatus.Pending))));
        Assert.Equal((410, "approval_expired"), Code(new DecideOutcome.Expired(Request(ApprovalStatus.Pending))));
        Assert.Equal((410, "approval_expired"), Code(new DecideOutcome.AlreadyDecided(Request(ApprovalStatus.Expired))));
        Assert.Equal((409, "session_finished"), Code(new DecideOutcome.AlreadyDecided(Request(ApprovalStatus.Withdrawn))));
        Assert.Equal((404, "approval_not_found"), Code(new DecideOutcome.NotFound()));
    }

    internal static ApprovalRequest Request(ApprovalStatus status) => new()
    {
        Id = "s-1.2.refund",
        SessionId = "s-1",
        InstanceId = "s-1",
        Agent = "order-desk",
        Goal = "Refund order 1042, it arrived broken, and tell the customer",
        UserId = "u-1",
        Turn = 2,
        StepId = "refund",
        Tool = "issue_refund",
        Tier = ToolTier.WriteRisky,
        Arguments = JsonElement.Parse("""{"order_id":1042,"reason":"arrived broken"}"""),
        ArgumentsHash = "h",
        Reason = "It moves money.",
        RequestedAt = At,
        ExpiresAt = At.AddHours(24),
        Status = status,
        CostMicros = 1250,
    };

    private static (int Status, string Code) Code(DecideOutcome outcome)
    {
        var problem = Assert.IsType<Problem>(ApprovalHandlers.Answer("a", outcome));
        return (problem.Status, problem.Code);
    }
}
