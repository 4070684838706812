namespace AgentWorkflows.Evals;

/// <summary>A share with its 95 % confidence interval.</summary>
internal readonly record struct Share(double Value, double Low, double High);

/// <summary>
/// How sure a pass rate is. Pure. The interval is Wilson's score interval (E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927,
/// pp. 209–212): with <c>z = 1.96</c>, <c>(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)</c>. The difference of two rates has the interval that R. G. Newcombe builds from two
/// of them (Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998, pp. 873–890, method 10).
/// </summary>
internal static class Reliability
{
    /// <summary>Of the normal distribution, two-sided 95 %.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="of">At least 1.</param>
    public static Share Of(int passed, int of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(of, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(passed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passed, of);
        double n = of, p = passed / n, z2 = Z * Z;
        var middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n))) / (1 + (z2 / n));
        // At the ends the formula's bound is the rate itself; floating point would miss it by a little.
        return new Share(p, passed == 0 ? 0 : Math.Max(0, middle - half), passed == of ? 1 : Math.Min(1, middle + half));
    }

    /// <summary>How much better the second is than the first.</summary>
    public static Share Difference(Share before, Share after)
    {
        var low = Math.Sqrt(Math.Pow(after.Value - after.Low, 2) + Math.Pow(before.High - before.Value, 2));
        var high = Math.Sqrt(Math.Pow(after.High - after.Value, 2) + Math.Pow(before.Value - before.Low, 2));
        var difference = after.Value - before.Value;
        return new Share(difference, difference - low, difference + high);
    }

    /// <summary>A drop that noise does not explain: the whole interval of the difference is below zero.</summary>
    public static bool IsWorse(Share difference) => difference.High < 0;
}
