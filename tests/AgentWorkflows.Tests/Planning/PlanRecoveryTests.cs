using AgentWorkflows.Guards;
using AgentWorkflows.Planning;
using AgentWorkflows.Sessions;
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
    public void TheDeploymentForSimpleGoals_IsLeftForTheOrdinaryOneAtOnce_WithoutARetry(ModelTrouble trouble, string type)
    {
        var again = Assert.IsType<RecoveryStep.Again>(Next(Output(trouble, type), OnSimple));

        Assert.Equal(PlanAttempts.First with { Attempt = 2 }, again.Attempts);
        Assert.Equal((TimeSpan.Zero, false, false), (again.Delay, again.Retry, again.Wait));
    }

    [Theory]
    [InlineData(ModelTrouble.Refused, "model_content_filter")]
    [InlineData(ModelTrouble.Refused, "cap_exceeded")]
    public void NobodyGoesRoundAFilterOrACap(ModelTrouble trouble, string type) => Assert.IsType<RecoveryStep.GiveUp>(Next(Output(trouble, type), OnSimple));

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

    private static PlanOutput Output(ModelTrouble trouble, string type = "type") => new(PlanKind.Retry, 0, 0)
    {
        Trouble = trouble,
        HasFallback = true,
        Failure = new SessionFailure(FailureCategory.System, type, "message"),
    };

    private static RecoveryStep Next(PlanOutput output, PlanAttempts attempts, SessionState? state = null) =>
        PlanRecovery.Next(output, attempts, state ?? new SessionState { Turn = 3 }, new SessionLimits(), TimeSpan.FromMinutes(1));
}
