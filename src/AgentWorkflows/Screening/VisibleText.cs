using System.Globalization;
using System.Text;

namespace AgentWorkflows.Screening;

/// <summary>
/// Text of others where people decide by it: characters that show nothing, or turn the reading direction around, stand as <c>\u202E</c>. Pure.
/// </summary>
internal static class VisibleText
{
    public static string Of(string text) => string.Concat(Parts(text).Select(part => part.Text));

    /// <summary>The text in parts, one after the other: runs that stand as they are, and single characters that are written out.</summary>
    public static IEnumerable<(string Text, bool IsWrittenOut)> Parts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var whole = Rune.TryGetRuneAt(text, at, out var rune);
            var end = at + (whole ? rune.Utf16SequenceLength : 1);
            if (!whole || IsDeceptive(rune))
            {
                if (start < at)
                {
                    yield return (text[start..at], false);
                }
                yield return (string.Create(CultureInfo.InvariantCulture, $"\\u{(whole ? rune.Value : text[at]):X4}"), true);
                start = end;
            }
            at = end;
        }
        if (start < text.Length)
        {
            yield return (text[start..], false);
        }
    }

    /// <summary>On one line, and no longer than <paramref name="maxLength"/>.</summary>
    public static string Line(string text, int maxLength)
    {
        var line = Of(string.Join(' ', text.Split((char[]?)['\r', '\n', '\t', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        return line.Length <= maxLength ? line : line[..(maxLength - 1)] + "…";
    }

    /// <summary>Controls, formats, fillers, tags and selectors; not the two selectors that say whether a sign is drawn as text or as a picture.</summary>
    public static bool IsDeceptive(Rune rune) => rune.Value is not ('\n' or '\r' or '\t' or 0xFE0E or 0xFE0F)
        && (ShowsNothing(rune) || rune.Value == BrailleBlank
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Looks like a blank, and Unicode takes it for a sign.</summary>
    internal const int BrailleBlank = 0x2800;

    /// <summary>Formats, fillers, tags and selectors: nothing is drawn, and nothing is left free, where they stand.</summary>
    internal static bool ShowsNothing(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is
        0x034F or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0
        or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
}
