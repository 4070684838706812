using System.Globalization;
using System.Text;

namespace AgentWorkflows.Screening;

/// <summary>Characters that a person does not see and a model reads. Pure; linear.</summary>
internal static class HiddenText
{
    private const int TagStart = 0xE0000;
    private const int TagEnd = 0xE007F;

    /// <summary>More than this many, and it is no stray byte order mark or emoji joiner.</summary>
    private const int FewInvisible = 2;

    /// <summary>So many invisible characters in a row carry a message: letters joined by one each are counted by <see cref="FewInvisible"/>.</summary>
    private const int LongRun = 8;

    /// <summary>The flags of England, Scotland and Wales are a black flag and up to six tags.</summary>
    private const int BlackFlag = 0x1F3F4;

    public static double Weight(string text)
    {
        var (tags, bidi, invisible, run, longest, inFlag) = (0, 0, 0, 0, 0, false);
        var (latin, rightToLeft) = (false, false);
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            var isTag = rune.Value is >= TagStart and <= TagEnd;
            inFlag = rune.Value == BlackFlag || (inFlag && isTag);
            tags += isTag && !inFlag ? 1 : 0;
            bidi += rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) ? 1 : 0;
            run = IsInvisible(rune) || rune.Value is 0x200C or 0x200D or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) ? run + 1 : 0;
            longest = Math.Max(longest, run);
            // Between Latin letters nothing needs a joiner; in emoji and in Persian or Indic text it does. A soft hyphen says where a word may be broken.
            invisible += rune.Value != SoftHyphen && IsInvisible(rune) && IsLatin(before) ? 1 : 0;
            latin |= rune.Value is >= 'a' and <= 'z';
            rightToLeft |= rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF);
            before = rune;
        }
        return tags > 4 ? 0.9 : longest >= LongRun || (bidi > 0 && latin && !rightToLeft) || invisible > FewInvisible ? 0.6 : 0;
    }

    private const int SoftHyphen = 0x00AD;

    /// <summary>What a model would read: tags as the letters they stand for, invisible characters gone, compatibility forms and look-alikes as plain letters, accents off.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value < 0x80)
            {
                visible.Append((char)rune.Value);
            }
            else if (rune.Value is > TagStart + 0x1F and < TagEnd)
            {
                visible.Append((char)(rune.Value - TagStart));
            }
            else if (!IsInvisible(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark))
            {
                visible.Append(PlainLetters.Of(rune));
            }
        }
        return PlainLetters.WithoutLookAlikes(visible.ToString());
    }

    private static bool IsLatin(Rune rune) => rune.Value is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');

    private static bool IsInvisible(Rune rune) =>
        rune.Value is (>= 0x200B and <= 0x200F) or 0x2060 or 0xFEFF or SoftHyphen or 0x180E or 0x034F or 0x3164 or (>= 0x2061 and <= 0x2064);
}
