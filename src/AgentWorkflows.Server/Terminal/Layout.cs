using System.Globalization;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Text for a terminal: cleaned, wrapped, and numbers in the same shape everywhere. Pure.</summary>
internal static class Layout
{
    /// <summary>
    /// Goals, answers and results come from outside and may hold escape sequences that would repaint the approval a person is about to decide on.
    /// What a terminal would obey or not show stands written out, such as <c>\u001B</c>; tabs and carriage returns become spaces, line feeds stay.
    /// </summary>
    public static string Clean(string text) => VisibleText.Of(text.ReplaceLineEndings("\n").Replace('\r', ' ').Replace('\t', ' '));

    /// <summary>Lines of at most <paramref name="width"/>, broken between words where there are any. At least one line.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in Clean(text).Split('\n'))
        {
            var rest = paragraph.TrimEnd();
            while (rest.Length > width)
            {
                var cut = rest.LastIndexOf(' ', width);
                if (cut <= 0)
                {
                    cut = width;
                }
                lines.Add(rest[..cut].TrimEnd());
                rest = rest[cut..].TrimStart();
            }
            lines.Add(rest);
        }
        return lines;
    }

    public static string Cut(string text, int width)
    {
        var line = Clean(text).ReplaceLineEndings(" ");
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, Math.Max(1, width - 1)), "…");
    }

    public static string Usd(decimal usd) => "$" + usd.ToString("0.000000", CultureInfo.InvariantCulture);

    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 1 => "<1 ms",
        < 1000 => Format($"{milliseconds:0} ms"),
        < 60_000 => Format($"{milliseconds / 1000:0.0} s"),
        < 3_600_000 => Format($"{(int)(milliseconds / 60_000)} m {(int)(milliseconds / 1000) % 60:00} s"),
        < 86_400_000 => Format($"{(int)(milliseconds / 3_600_000)} h {(int)(milliseconds / 60_000) % 60:00} m"),
        _ => Format($"{(int)(milliseconds / 86_400_000)} d {(int)(milliseconds / 3_600_000) % 24} h"),
    };

    public static string Duration(TimeSpan time) => Duration(Math.Max(0, time.TotalMilliseconds));

    /// <summary>In its largest unit: <c>3 h</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => Format($"{Math.Max(0, (int)age.TotalSeconds)} s"),
        { TotalMinutes: < 60 } => Format($"{(int)age.TotalMinutes} m"),
        { TotalHours: < 24 } => Format($"{(int)age.TotalHours} h"),
        _ => Format($"{(int)age.TotalDays} d"),
    };

    public static string Time(DateTimeOffset at) => Format($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    public static string Count(int number, string one) => Format($"{number:N0} {one}{(number == 1 ? "" : "s")}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
