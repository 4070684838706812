using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class PlanRecoveryTests
{
    private static readonly PlanAttempts OnSimple = PlanAttempts.First with { Simple = true };

    [Theory]
    [InlineData(ModelTrouble.InvalidOutput, "invalid_model_output")]
    [InlineData(ModelTrouble.Unusable, "model_unauthorized")]
    [InlineData(ModelTrouble.BreakerOpen, "model_breaker_open")]
    [InlineData(ModelTrouble.Refused, "model_invalid_request")]
    internal void TheDeploymentForSimpleGoals_IsLeftForTheOrdinaryOneAtOnce_WithoutARetry(ModelTrouble trouble, string type)
    {
        var again = Assert.IsType<RecoveryStep.Again>(Next(Output(trouble, type), OnSimple));

        Assert.Equal(PlanAttempts.First with { Attempt = 2 }, again.Attempts);
        Assert.Equal((TimeSpan.Zero, false, false), (again.Delay, again.Retry, again.Wait));
    }

    [Theory]
    [InlineData(ModelTrouble.Refused, "model_content_filter")]
    [InlineData(ModelTrouble.Refused, "cap_exceeded")]
    internal void NobodyGoesRoundAFilterOrACap(ModelTrouble trouble, string type) => Assert.IsType<RecoveryStep.GiveUp>(Next(Output(trouble, type), OnSimple));

    [Fact]
    public void TheFallbackOfTheOrdinaryDeployment_ComesAfterIt()
    {
        var ordinary = Assert.IsType<RecoveryStep.Again>(Next(Output(ModelTrouble.Unusable), OnSimple)).Attempts;

        var fallback = Assert.IsType<RecoveryStep.Again>(Next(Output(ModelTrouble.Unusable), ordinary)).Attempts;

        Assert.Equal((3, true, false), (fallback.Attempt, fallback.Fallback, fallback.Simple));
        Assert.IsType<RecoveryStep.GiveUp>(Next(Output(ModelTrouble.Unusable), fallback));
    }

    [Fact]
    public void TheDeploymentForSimpleGoals_IsWaitedForLikeAnyWithAFallback()
    {
        var step = Assert.IsType<RecoveryStep.Again>(Next(Output(ModelTrouble.Throttled) with { RetryAfter = TimeSpan.FromSeconds(5) }, OnSimple));
        Assert.Equal((true, TimeSpan.FromSeconds(5), true), (step.Attempts.Simple, step.Delay, step.Wait));

        var moved = Assert.IsType<RecoveryStep.Again>(Next(Output(ModelTrouble.Throttled) with { RetryAfter = TimeSpan.FromSeconds(61) }, OnSimple));
        Assert.Equal((false, TimeSpan.Zero), (moved.Attempts.Simple, moved.Delay));
    }

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(3, 1, true)]
    [InlineData(3, 2, false)]
    [InlineData(1, 0, false)]
    public void AContradiction_IsAskedAboutOnceMore_WithAFreshContextWhereThereIsAnOldOne(int turn, int summarizedUpTo, bool refreshes)
    {
        var again = Assert.IsType<RecoveryStep.Again>(Next(Contradiction, PlanAttempts.First, new SessionState { Turn = turn, SummarizedUpTo = summarizedUpTo }));

        Assert.Equal((1, true, refreshes), (again.Attempts.Contradictions, again.Retry, again.Attempts.Refreshed));
        Assert.Equal(refreshes ? "because" : null, again.RefreshBecause);
    }

    [Fact]
    public void TheSecondContradiction_GoesToTheFallback_TheThirdEndsThePlan()
    {
        var first = Assert.IsType<RecoveryStep.Again>(Next(Contradiction, PlanAttempts.First)).Attempts;

        var fallback = Assert.IsType<RecoveryStep.Again>(Next(Contradiction, first));

        Assert.Equal((true, null, false), (fallback.Attempts.Fallback, fallback.RefreshBecause, fallback.Retry));
        Assert.IsType<RecoveryStep.GiveUp>(Next(Contradiction, fallback.Attempts));
        Assert.IsType<RecoveryStep.GiveUp>(Next(Contradiction with { HasFallback = false }, first));
    }

    [Fact]
    public void WithNoRetriesLeft_AContradictionIsNotAskedAboutAgain() => Assert.IsType<RecoveryStep.GiveUp>(
        Next(Contradiction with { HasFallback = false }, PlanAttempts.First, new SessionState { Turn = 3, Retries = new SessionLimits().MaxRetries }));

    [Theory]
    [InlineData(true, "because", true)]
    [InlineData(false, "because", true)]
    [InlineData(false, null, false)]
    public void ASecondInvalidOutput_IsFollowedByAFreshContext_OnTheFallbackOrOnceMoreHere(bool hasFallback, string? because, bool again)
    {
        var output = Output(ModelTrouble.InvalidOutput) with { HasFallback = hasFallback, RefreshBecause = because };

        var step = Next(output, PlanAttempts.First with { Attempt = 2, Invalid = 1 });

        Assert.Equal(again, step is RecoveryStep.Again);
        Assert.True(step is not RecoveryStep.Again { Attempts: var next } || (next.Refreshed && next.Fallback == hasFallback));
        Assert.True(hasFallback || step is not RecoveryStep.Again { Attempts: var last } || Next(output, last) is RecoveryStep.GiveUp);
    }

    [Fact]
    public void AQualityBreakerThatStandsOpen_IsAReasonToRefreshOnce()
    {
        var output = Output(ModelTrouble.BreakerOpen) with { RefreshBecause = "because", RetryAfter = TimeSpan.FromSeconds(30), HasFallback = false };

        var waits = Assert.IsType<RecoveryStep.Again>(Next(output, PlanAttempts.First));
        var again = Assert.IsType<RecoveryStep.Again>(Next(output, waits.Attempts));
        var elsewhere = Assert.IsType<RecoveryStep.Again>(Next(output with { HasFallback = true }, PlanAttempts.First));

        Assert.Equal(("because", TimeSpan.FromSeconds(30)), (waits.RefreshBecause, waits.Delay));
        Assert.Null(again.RefreshBecause);
        Assert.Equal(("because", true, true), (elsewhere.RefreshBecause, elsewhere.Attempts.Fallback, elsewhere.Attempts.Refreshed));
    }

    private static PlanOutput Contradiction => Output(ModelTrouble.Contradiction) with { RefreshBecause = "because" };

    private static PlanOutput Output(ModelTrouble trouble, string type = "type") => new(PlanKind.Retry, 0, 0)
    {
        Trouble = trouble,
        HasFallback = true,
        Failure = new SessionFailure(FailureCategory.System, type, "message"),
    };

    private static RecoveryStep Next(PlanOutput output, PlanAttempts attempts, SessionState? state = null) =>
        PlanRecovery.Next(output, attempts, state ?? new SessionState { Turn = 3 }, new SessionLimits(), TimeSpan.FromMinutes(1));
}
