using AgentWorkflows.Models.Plans;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class EscalationTests
{
    [Theory]
    [InlineData(OnFailure.Replan, true, ObservationStatus.Failed, true, NextRung.Replan)]
    [InlineData(OnFailure.Alternative, true, ObservationStatus.Failed, true, NextRung.Alternative)]
    [InlineData(OnFailure.Alternative, true, ObservationStatus.Refused, false, NextRung.Alternative)]
    [InlineData(OnFailure.Alternative, false, ObservationStatus.Failed, true, NextRung.Replan)]
    [InlineData(OnFailure.AskHuman, false, ObservationStatus.CriteriaFailed, true, NextRung.AskPerson)]
    [InlineData(OnFailure.AskHuman, false, ObservationStatus.Refused, false, NextRung.Replan)]
    [InlineData(OnFailure.Halt, false, ObservationStatus.Failed, true, NextRung.Halt)]
    [InlineData(OnFailure.Halt, false, ObservationStatus.Refused, false, NextRung.Halt)]
    [InlineData(OnFailure.Halt, false, ObservationStatus.Rejected, true, NextRung.Replan)]
    [InlineData(OnFailure.Alternative, true, ObservationStatus.Rejected, true, NextRung.Replan)]
    [InlineData(OnFailure.AskHuman, true, ObservationStatus.ApprovalExpired, true, NextRung.Replan)]
    internal void TheNextRung_IsWhatTheStepAsksFor_ButNothingGoesAroundAPersonsNo(
        OnFailure onFailure, bool hasAlternative, ObservationStatus status, bool ran, NextRung next) =>
        Assert.Equal(next, Escalation.After(onFailure, hasAlternative, status, ran));
}
