using AgentWorkflows.Compensation;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Inspection;

public class TurnStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Turn_CountsWhatHadHappenedUntilItsEnd_AndNothingLater()
    {
        var state = At(1);

        Assert.Equal((1, 3), (state.Turn, state.LastTurn));
        Assert.Equal((100L, 10), (state.CostMicros, state.Tokens));
        Assert.Equal((1, 1), (state.ToolCalls, state.Retries));
        Assert.Equal(new Dictionary<string, int> { ["get_order"] = 1 }, state.CallsByTool);
        Assert.Empty(state.Saga);
        Assert.Equal(Start.AddSeconds(3), state.At);
    }

    [Fact]
    public void Turn_OfASessionRolledBackSince_ShowsItsSagaStackAsItWas()
    {
        var state = At(2);

        var entry = Assert.Single(state.Saga);
        Assert.Equal((CompensationStatus.Registered, null), (entry.Status, entry.Message));
        // The rollback ran at second 9, under the turn of its action.
        Assert.Equal(Start.AddSeconds(5), state.At);
        Assert.Equal(2, state.ToolCalls);
    }

    [Fact]
    public void TurnZero_IsTheStart()
    {
        var state = At(0);

        Assert.Equal((0L, 0, 0), (state.CostMicros, state.Tokens, state.ToolCalls));
        Assert.Equal(Start, state.At);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Turn_TheSessionDoesNotHave_IsRefused(int turn) => Assert.Throws<ArgumentOutOfRangeException>(() => At(turn));

    private static TurnState At(int turn) => TurnStates.Of(
        SessionFacts.Session("s", Start) with
        {
            Progress = new SessionProgress
            {
                Turn = 3,
                Compensations =
                [
                    new CompensationEntry
                    {
                        Index = 0, Turn = 2, StepId = "refund", Tool = "issue_refund", IdempotencyKey = "k", Action = ActionOutcome.Done,
                        Status = CompensationStatus.Done, Message = "Reversed.",
                    },
                ],
            },
        },
        [
            Entry(0, TimelineKind.Session, 0), Entry(1, TimelineKind.Plan, 1, cost: 100, tokens: 10), Entry(1, TimelineKind.Act, 2, "get_order", "order"),
            Entry(1, TimelineKind.Act, 3, "get_order", "order"), Entry(2, TimelineKind.Plan, 4, cost: 200, tokens: 20), Entry(2, TimelineKind.Act, 5, "issue_refund", "refund"),
            Entry(3, TimelineKind.Plan, 6, cost: 300, tokens: 30), Entry(3, TimelineKind.Outcome, 7), Entry(2, TimelineKind.Compensation, 9, "issue_refund", "refund"),
        ],
        new SessionTranscript([]), turn);

    private static TimelineEntry Entry(int turn, TimelineKind kind, int second, string? tool = null, string? step = null, long cost = 0, int tokens = 0) => new()
    {
        SessionId = "s",
        Key = $"{turn}/{kind}/{second}",
        Turn = turn,
        Kind = kind,
        Title = "",
        Status = "succeeded",
        At = Start.AddSeconds(second),
        Tool = tool,
        StepId = step,
        CostMicros = cost,
        Tokens = tokens,
    };
}
