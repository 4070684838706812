using System.Globalization;
using System.Text;

namespace AgentWorkflows.Screening;

/// <summary>
/// Text of others where people decide by it: characters that show nothing, or turn the reading direction around, stand as <c>\u202E</c>. Pure.
/// </summary>
public static class VisibleText
{
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(IsDeceptive))
        {
            return text;
        }
        var shown = new StringBuilder();
        foreach (var c in text)
        {
            _ = IsDeceptive(c) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : shown.Append(c);
        }
        return shown.ToString();
    }

    /// <summary>On one line, and no longer than <paramref name="maxLength"/>.</summary>
    public static string Line(string text, int maxLength)
    {
        var line = Of(string.Join(' ', text.Split((char[]?)['\r', '\n', '\t', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        return line.Length <= maxLength ? line : line[..(maxLength - 1)] + "…";
    }

    public static bool IsDeceptive(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
        || c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF' or '\u00AD' or '\u061C';
}
