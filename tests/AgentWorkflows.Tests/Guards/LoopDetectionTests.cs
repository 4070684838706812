using AgentWorkflows.Guards;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class LoopDetectionTests
{
    [Theory]
    [InlineData("a a", "1 nudge")]
    [InlineData("a a a a", "1 nudge nudge stop")]
    [InlineData("a b a b", "1 1 1 nudge")]
    [InlineData("a b a b a b", "1 1 1 nudge nudge stop")]
    [InlineData("a b c a b c", "1 1 1 1 1 nudge")]
    [InlineData("a b c d a b c d", "1 1 1 1 1 1 1 nudge")]
    [InlineData("a b c d e a b c d e", "1 1 1 1 1 1 1 1 1 1")]
    [InlineData("a b a c a d a", "1 1 1 1 1 1 1")]
    [InlineData("a a b c c", "1 nudge 1 1 nudge")]
    [InlineData("- - - - - -", "1 1 1 1 1 1")]
    [InlineData("a! a b", "1 1 1")]
    [InlineData("a! a! a", "1 1 nudge")]
    public void Plans_AreJudged(string plans, string verdicts)
    {
        Assert.Equal(verdicts, string.Join(' ', Judge(plans.Split(' '), plan => plan, _ => "", i => $"r{i:x15}")));
    }

    [Fact]
    public void TheSameReason_FourTimes_IsALoop() =>
        Assert.Equal(["1", "1", "1", "nudge"], Judge(["a", "b", "c", "d"], plan => plan, _ => "why", i => $"{i:x16}"));

    [Fact]
    public void ResultsThatBringNothingNew_AreALoop() =>
        Assert.Equal(["1", "1", "1", "1", "1", "nudge"], Judge(["a", "b", "c", "d", "e", "f"], plan => plan, _ => "", _ => "00000000000000aa"));

    [Fact]
    public void TheState_StaysSmall()
    {
        var state = new LoopState();
        for (var turn = 1; turn <= 100; turn++)
        {
            (state, _) = LoopDetection.Check(state, new RecentTurn(turn, $"call-{turn}", "", ""));
        }
        Assert.Equal(LoopDetection.MaxRecent, state.Recent.Count);
    }

    /// <summary><c>!</c>: the call fails. <c>-</c>: only polling tools.</summary>
    private static List<string> Judge(string[] plans, Func<string, string> calls, Func<string, string> text, Func<int, string> result)
    {
        var (state, verdicts) = (new LoopState(), new List<string>());
        for (var turn = 1; turn <= plans.Length; turn++)
        {
            var plan = plans[turn - 1];
            (state, var verdict) = LoopDetection.Check(state, new RecentTurn(turn, plan == "-" ? "" : calls(plan.TrimEnd('!')), text(plan), ""));
            verdicts.Add(verdict switch { LoopVerdict.Nudge => "nudge", LoopVerdict.Stop => "stop", _ => "1" });
            if (verdict is LoopVerdict.None)
            {
                state = LoopDetection.Observe(state, turn, result(turn), plan.EndsWith('!'));
            }
        }
        return verdicts;
    }
}
