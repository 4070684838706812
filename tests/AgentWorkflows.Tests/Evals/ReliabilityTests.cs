using AgentWorkflows.Evals;
using Xunit;

namespace AgentWorkflows.Tests.Evals;

public sealed class ReliabilityTests
{
    // 81 of 263 is an example of Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998.
    [Theory]
    [InlineData(19, 20, 0.7639, 0.9911)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    public void A_rate_has_the_interval_of_Wilson(int passed, int of, double low, double high)
    {
        var share = Reliability.Of(passed, of);

        Assert.Equal((double)passed / of, share.Value, 6);
        Assert.Equal(low, share.Low, 4);
        Assert.Equal(high, share.High, 4);
    }

    /// <summary>Newcombe's example: 56/70 against 48/80 gives 0.2000 with 0.0524 to 0.3339.</summary>
    [Fact]
    public void A_difference_has_the_interval_of_Newcombe()
    {
        var difference = Reliability.Difference(Reliability.Of(48, 80), Reliability.Of(56, 70));

        Assert.Equal(0.2, difference.Value, 6);
        Assert.Equal(0.0524, difference.Low, 4);
        Assert.Equal(0.3339, difference.High, 4);
    }

    [Theory]
    [InlineData(20, 20, 19, 20, false)]
    [InlineData(20, 20, 12, 20, true)]
    [InlineData(95, 100, 80, 100, true)]
    [InlineData(3, 3, 1, 3, false)]
    public void A_drop_counts_only_when_noise_does_not_explain_it(int before, int of, int after, int ofNow, bool worse) =>
        Assert.Equal(worse, Reliability.IsWorse(Reliability.Difference(Reliability.Of(before, of), Reliability.Of(after, ofNow))));
}
