using System.Text.Json;
using AgentWorkflows.Guards;
using AgentWorkflows.Workflow.V1;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class LoopGuardTests
{
    /// <summary>One letter a turn: the calls it makes. Capital: the calls fail. Every call of a letter gives the same outcome.</summary>
    [Theory]
    [InlineData("abcdefgh", "........")]
    [InlineData("aaaa", ".nns")]
    [InlineData("AAAAA", "..nns")]
    [InlineData("abababa", "...nns")]
    [InlineData("abcabcabc", ".....nns")]
    [InlineData("abcdabcdabcd", ".......nns")]
    [InlineData("aba", "...")]
    [InlineData("aacdaaefa", ".n...n...")]
    [InlineData("aabaab", ".n..nn")]
    public void Turns_AreToldOnceToStopRepeating_AndStoppedAtTheSecondRepetitionAfterThat(string turns, string expected) =>
        Assert.Equal(expected, Run([.. turns.Select(turn => new Turn(turn.ToString().ToUpperInvariant(), char.ToUpperInvariant(turn).ToString(), char.IsUpper(turn)))]));

    [Fact]
    public void DifferentCallsThatAlwaysGiveTheSame_AreALoop_AfterThreeTurnsThatBroughtNothing() =>
        Assert.Equal("....nns", Run([.. Enumerable.Range(0, 7).Select(i => new Turn($"search {i}", "nothing found"))]));

    [Fact]
    public void DifferentCallsThatAlwaysGiveTheSame_AreNoticedSooner_WhenTheModelSaysTheSameEachTime() =>
        Assert.Equal("...nns", Run([.. Enumerable.Range(0, 7).Select(i => new Turn($"search {i}", "nothing found", Saying: "looking for the order"))]));

    [Fact]
    public void SayingTheSameWhileEveryTurnBringsSomethingNew_IsWork() =>
        Assert.Equal("..........", Run([.. Enumerable.Range(0, 10).Select(i => new Turn($"get {i}", $"order {i}", Saying: "looking at the next order"))]));

    [Fact]
    public void ChangingOneThingAfterTheOther_IsWork_ThoughEachChangeAnswersTheSame() =>
        Assert.Equal("..........", Run([.. Enumerable.Range(0, 10).Select(i => new Turn($"note {i}", "ok", Saying: "adding the next note", Changes: true))]));

    [Fact]
    public void LookingAgainAfterAChange_IsWork() =>
        Assert.Equal("...", Run([new Turn("get 1", "paid"), new Turn("refund 1", "refunded", Changes: true), new Turn("get 1", "refunded order")]));

    [Fact]
    public void ATurnOfPollingCallsOnly_IsNeverJudged()
    {
        var state = new LoopState();
        for (var i = 0; i < 100; i++)
        {
            (state, var verdict) = LoopGuard.Judge(state, [], "", 0, 0);
            Assert.IsType<LoopVerdict.Go>(verdict);
        }
        Assert.Empty(state.Turns);
    }

    [Fact]
    public void TheStop_StatesWhatTheRepetitionsCost()
    {
        var state = new LoopState();
        LoopVerdict verdict = new LoopVerdict.Go();
        for (var i = 0; i < 4; i++)
        {
            (state, verdict) = LoopGuard.Judge(state, ["a"], "", i * 650, (i + 1) * 650);
            state = LoopGuard.Saw(state, "o", succeeded: true, changesSomething: false);
        }

        Assert.Contains("3 repetitions cost 0.001950 USD", Assert.IsType<LoopVerdict.Stop>(verdict).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsRemembered_IsBounded()
    {
        var state = new LoopState();
        for (var i = 0; i < 1000; i++)
        {
            (state, _) = LoopGuard.Judge(state, [$"call {i}"], "", 0, 0);
            state = LoopGuard.Saw(state, $"outcome {i}", succeeded: true, changesSomething: false);
        }

        Assert.Equal((LoopGuard.Window, LoopGuard.MaxOutcomes), (state.Turns.Count, state.Outcomes.Count));
    }

    [Fact]
    public void ACallsFingerprint_IsOfWhatItMeans_NotOfHowItIsWritten()
    {
        Assert.Equal(Fingerprint.OfCall("get", JsonElement.Parse("""{"a":1,"b":2}""")), Fingerprint.OfCall("get", JsonElement.Parse("""{ "b": 2, "a": 1 }""")));
        Assert.NotEqual(Fingerprint.OfCall("get", JsonElement.Parse("""{"a":1}""")), Fingerprint.OfCall("get", JsonElement.Parse("""{"a":2}""")));
        Assert.NotEqual(Fingerprint.OfCall("get", JsonElement.Parse("{}")), Fingerprint.OfCall("put", JsonElement.Parse("{}")));
        Assert.Equal(Fingerprint.OfSaying("Looking  up the order\n"), Fingerprint.OfSaying("looking up THE order"));
        Assert.Equal("", Fingerprint.OfSaying("ok"));
    }

    private sealed record Turn(string Calls, string Outcome, bool Fails = false, string Saying = "", bool Changes = false);

    private static string Run(IReadOnlyList<Turn> turns)
    {
        var state = new LoopState();
        var verdicts = "";
        foreach (var turn in turns)
        {
            (state, var verdict) = LoopGuard.Judge(state, [turn.Calls], turn.Saying, 0, 0);
            verdicts += verdict switch { LoopVerdict.Go => '.', LoopVerdict.Nudge => 'n', _ => 's' };
            if (verdict is LoopVerdict.Stop)
            {
                break;
            }
            if (verdict is LoopVerdict.Go)
            {
                state = LoopGuard.Saw(state, turn.Outcome, !turn.Fails, turn.Changes);
            }
        }
        return verdicts;
    }
}
