using AgentWorkflows.Compensation;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;
using Xunit;

namespace AgentWorkflows.Tests.Workflow;

/// <summary>What an event makes of the state. The flow itself is tested with sessions.</summary>
public sealed class SessionFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly GatedCall Write = new("note", "add_note", GateVerdict.Run, ToolTier.WriteSafe) { Compensable = true, Print = "note" };

    [Fact]
    public void WaitsThatOverlap_AreOneStretchOfTime()
    {
        var state = After(new SessionState(),
            new SessionEvent.WaitBegan(Start), new SessionEvent.WaitBegan(Start.AddMinutes(2)), new SessionEvent.WaitEnded(Start.AddMinutes(5)));

        Assert.Equal((TimeSpan.Zero, Start), (state.Waited, state.WaitingSince));
        Assert.Equal(TimeSpan.FromMinutes(6), state.WaitedBy(Start.AddMinutes(6)));

        var ended = After(state, new SessionEvent.WaitEnded(Start.AddMinutes(7)));

        Assert.Equal((TimeSpan.FromMinutes(7), null, 0), (ended.Waited, ended.WaitingSince, ended.OpenWaits));
        Assert.Equal(TimeSpan.FromMinutes(7), ended.WaitedBy(Start.AddHours(1)));
    }

    /// <summary>Against a count of the seconds in which anybody was asked.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void WhateverWaitsOverlap_TheSessionIsNeverYoungerThanZero_AndEachSecondCountsOnce(int seed)
    {
        var random = new Random(seed);
        var (state, open, waited) = (new SessionState(), 0, 0);
        for (var second = 1; second <= 200; second++)
        {
            waited += open > 0 ? 1 : 0;
            var now = Start.AddSeconds(second);
            if (open > 0 && random.Next(3) == 0)
            {
                (state, open) = (After(state, new SessionEvent.WaitEnded(now)), open - 1);
            }
            else if (random.Next(3) == 0)
            {
                (state, open) = (After(state, new SessionEvent.WaitBegan(now)), open + 1);
            }
            Assert.Equal(TimeSpan.FromSeconds(waited), state.WaitedBy(now));
            Assert.True(now - Start >= state.WaitedBy(now));
            Assert.Equal(open, state.OpenWaits);
        }
    }

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    [Fact]
    public void ACallThatBegins_IsCountedAndItsCompensationIsOnTheStack()
    {
        var state = After(new SessionState { Turn = 3 }, new SessionEvent.CallBegan(Write, "s/3/note"));

        Assert.Equal((1, 1), (state.ToolCalls, state.CallsByTool["add_note"]));
        var entry = Assert.Single(state.Saga);
        Assert.Equal((0, 3, "note", "s/3/note", CompensationStatus.Registered), (entry.Index, entry.Turn, entry.StepId, entry.IdempotencyKey, entry.Status));
    }

    [Fact]
    public void ACallThatNeedsNoWayBack_IsOnlyCounted() =>
        Assert.Empty(After(new SessionState(), new SessionEvent.CallBegan(Write with { Compensable = false }, "k")).Saga);

    [Theory]
    [InlineData(ActionOutcome.NotDone, CompensationStatus.NotNeeded)]
    [InlineData(ActionOutcome.Done, CompensationStatus.Registered)]
    [InlineData(ActionOutcome.Unknown, CompensationStatus.Registered)]
    public void AnActionThatEnds_ChangesItsEntryAlone(ActionOutcome action, CompensationStatus status)
    {
        var state = After(new SessionState(),
            new SessionEvent.CallBegan(Write, "a"), new SessionEvent.CallBegan(Write, "b"), new SessionEvent.ActionEnded(1, action));

        Assert.Equal([(CompensationStatus.Registered, "a"), (status, "b")], state.Saga.Select(entry => (entry.Status, entry.IdempotencyKey)));
        Assert.Equal(action, state.Saga[1].Action);
    }

    [Theory]
    [InlineData(ObservationStatus.Succeeded, true, 1)]
    [InlineData(ObservationStatus.Failed, true, 0)]
    [InlineData(ObservationStatus.CriteriaFailed, false, 0)]
    internal void AResult_DecidesWhetherTheDeploymentForSimpleGoalsGoesOn(ObservationStatus status, bool simple, int succeeded)
    {
        var state = After(new SessionState { Simple = true }, new SessionEvent.CallObserved(Write, new ObserveOutput(status, null)));

        Assert.Equal((simple, succeeded), (state.Simple, state.SucceededCalls));
    }

    [Fact]
    public void EachStep_HasAHigherRevision() =>
        Assert.Equal(2, After(new SessionState(), new SessionEvent.StepScheduled(), new SessionEvent.StepScheduled()).Revision);

    /// <summary>A new event that the fold does not know would end every session that meets it.</summary>
    [Fact]
    public void EveryKindOfEvent_IsKnownToTheFold()
    {
        var known = typeof(SessionEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SessionEvent))).ToList();

        Assert.All(known, type => Assert.Null(Xunit.Record.Exception(() => After(
            new SessionState { Revision = 1 }, (SessionEvent)Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(Sample)])!))));
        Assert.True(known.Count >= 16);
    }

    private static object? Sample(System.Reflection.ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(GatedCall) => Write,
        var type when type == typeof(ForkOutput) => new ForkOutput(1, 1, new Dictionary<string, int> { ["get_order"] = 2 }),
        var type when type == typeof(ObserveOutput) => new ObserveOutput(ObservationStatus.Succeeded, null),
        var type when type == typeof(CompensateOutput) => new CompensateOutput(CompensationStatus.Done, null),
        var type when type == typeof(DateTimeOffset) => Start,
        var type when type == typeof(AgentWorkflows.Guards.LoopState) => new AgentWorkflows.Guards.LoopState(),
        var type when type == typeof(string) => "text",
        var type => Activator.CreateInstance(type),
    };

    private static SessionState After(SessionState state, params SessionEvent[] events) => events.Aggregate(state, SessionFold.After);
}
