using System.Globalization;
using System.Text;

namespace AgentWorkflows.Guards.Screening;

/// <summary>Characters that a person does not see and a model reads. Pure.</summary>
internal static class HiddenText
{
    private const int TagStart = 0xE0000;
    private const int TagEnd = 0xE007F;

    /// <summary>More than this many, and it is no stray byte order mark or emoji joiner.</summary>
    private const int FewInvisible = 2;

    public static double Weight(string text)
    {
        var (tags, bidi, invisible) = (0, 0, 0);
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            tags += rune.Value is >= TagStart and <= TagEnd ? 1 : 0;
            bidi += rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) ? 1 : 0;
            // Between Latin letters nothing needs a joiner; in emoji and in Persian or Indic text it does.
            invisible += IsInvisible(rune) && before.Value is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') && IsInvisible(rune) ? 1 : 0;
            before = rune;
        }
        return tags > 4 ? 0.9 : bidi > 0 && text.Any(letter => letter is >= 'a' and <= 'z') && !HasRightToLeft(text) ? 0.6 : invisible > FewInvisible ? 0.6 : 0;
    }

    /// <summary>What a model would read: compatibility forms folded, tags as the letters they stand for, invisible characters gone, look-alikes as Latin.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is > TagStart + 0x1F and < TagEnd)
            {
                visible.Append((char)(rune.Value - TagStart));
            }
            else if (!IsInvisible(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                visible.Append(rune.Value < 0x80 ? ((char)rune.Value).ToString() : LookAlike(rune));
            }
        }
        var folded = visible.ToString();
        return folded.IsNormalized(NormalizationForm.FormKC) ? folded : folded.Normalize(NormalizationForm.FormKC);
    }

    private static bool IsInvisible(Rune rune) => rune.Value is (>= 0x200B and <= 0x200F) or 0x2060 or 0xFEFF or 0x00AD or 0x180E or (>= 0x2061 and <= 0x2064);

    private static bool HasRightToLeft(string text) => text.Any(letter => letter is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF'));

    /// <summary>Cyrillic and Greek letters that look like Latin ones.</summary>
    private static string LookAlike(Rune rune) => rune.Value switch
    {
        0x0430 => "a",
        0x0435 => "e",
        0x043E or 0x03BF => "o",
        0x0440 => "p",
        0x0441 => "c",
        0x0443 => "y",
        0x0445 => "x",
        0x0456 => "i",
        0x0455 => "s",
        0x0501 => "d",
        0x051B => "q",
        0x04BB => "h",
        _ => rune.ToString(),
    };
}
