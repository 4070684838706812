using System.Globalization;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Amounts as horizontal bars of characters. Pure.</summary>
internal static class BarChart
{
    private const string Eighths = " ▏▎▍▌▋▊▉";
    private const int Around = 22;

    /// <summary>A line for each hour from the first to the last that has an amount.</summary>
    public static IReadOnlyList<string> Hours(IReadOnlyList<decimal> amounts, int width)
    {
        var most = amounts.Max();
        if (most <= 0)
        {
            return [];
        }
        var first = amounts.TakeWhile(amount => amount == 0).Count();
        var last = amounts.Count - 1 - amounts.Reverse().TakeWhile(amount => amount == 0).Count();
        return
        [
            .. Enumerable.Range(first, last - first + 1).Select(hour =>
                string.Create(CultureInfo.InvariantCulture, $"  {hour:00}:00  {Bar(amounts[hour] / most, Math.Max(10, width - Around))} {Layout.Usd(amounts[hour])}")),
        ];
    }

    /// <param name="share">0 to 1. Anything above zero is at least one mark.</param>
    public static string Bar(decimal share, int width)
    {
        var eighths = (int)Math.Round(share * width * 8);
        if (share > 0 && eighths == 0)
        {
            eighths = 1;
        }
        var full = eighths / 8;
        var bar = new string('█', full) + (eighths % 8 > 0 ? Eighths[eighths % 8] : "");
        return bar.PadRight(width);
    }
}
