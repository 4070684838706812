using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Tests.Guards.Screening;

/// <summary>How well the heuristics do on texts they were not written for; <c>docs/models.md</c> states the figures.</summary>
public sealed class UnseenInjectionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("tuning", 40, 38, 1)]
    [InlineData("held-out", 40, 36, 3)]
    [InlineData("second-author-tuning", 20, 17, 2)]
    [InlineData("second-author-held-out", 20, 10, 3)]
    public void AttacksAndLookAlikes_AreToldApart(string half, int size, int atLeastFound, int atMostFlagged)
    {
        var attacks = SampleSet.Read($"attacks-{half}");
        var harmless = SampleSet.Read($"harmless-{half}");
        var missed = attacks.Where(sample => !sample.IsSuspicious).ToList();
        var flagged = harmless.Where(sample => sample.IsSuspicious).ToList();

        output.WriteLine($"{half}: found {size - missed.Count} of {size} attacks ({100.0 * (size - missed.Count) / size:0.0} %), "
            + $"flagged {flagged.Count} of {size} look-alikes ({100.0 * flagged.Count / size:0.0} %)");
        if (half.EndsWith("tuning", StringComparison.Ordinal))
        {
            missed.ForEach(sample => output.WriteLine($"missed, {sample.Family}: {sample.Text}"));
            flagged.ForEach(sample => output.WriteLine($"flagged, {string.Join(' ', sample.Screened().Kinds)}: {sample.Text}"));
        }
        Assert.Equal((size, size), (attacks.Count, harmless.Count));
        Assert.InRange(size - missed.Count, atLeastFound, size);
        Assert.InRange(flagged.Count, 0, atMostFlagged);
    }
}
