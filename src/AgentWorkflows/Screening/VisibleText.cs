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
        var shown = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var whole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = whole ? rune.Utf16SequenceLength : 1;
            _ = !whole || IsDeceptive(rune)
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(whole ? rune.Value : text[at]):X4}")
                : shown.Append(text, at, length);
            at += length;
        }
        return shown.ToString();
    }

    /// <summary>On one line, and no longer than <paramref name="maxLength"/>.</summary>
    public static string Line(string text, int maxLength)
    {
        var line = Of(string.Join(' ', text.Split((char[]?)['\r', '\n', '\t', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        return line.Length <= maxLength ? line : line[..(maxLength - 1)] + "…";
    }

    /// <summary>Controls, formats, fillers, tags and selectors; not the two selectors that say whether a sign is drawn as text or as a picture.</summary>
    public static bool IsDeceptive(Rune rune) => rune.Value is not ('\n' or '\r' or '\t' or 0xFE0E or 0xFE0F)
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || rune.Value is 0x034F or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0
                or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0D) or (>= 0xE0000 and <= 0xE0FFF));
}
