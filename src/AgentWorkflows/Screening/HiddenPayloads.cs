using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <summary>What a text says when it is decoded: base64, hexadecimal, escapes, rot13, backwards, digits for letters, letters apart, words cut in two. Pure; linear.</summary>
internal static partial class HiddenPayloads
{
    private const int Most = 24;

    /// <summary>Letters a word may have that another way of writing gives away.</summary>
    private static readonly string[] Telling = ["ignore", "instruction", "prompt", "system", "assistant", "refund", "disregard", "forget", "previous"];

    private static readonly (Func<string, string> Turn, string[] Words)[] Turns =
    [
        (Rot13, [.. Telling.Select(Rot13)]),
        (Backwards, [.. Telling.Select(Backwards)]),
    ];

    public static IEnumerable<string> Of(string text) => Encoded(text).Take(Most).Concat(Rewritten(text));

    private static IEnumerable<string> Encoded(string text)
    {
        foreach (var match in Base64().EnumerateMatches(text).Spans(text))
        {
            var padded = match.Replace('-', '+').Replace('_', '/').TrimEnd('=');
            padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
            var bytes = new byte[padded.Length];
            if (Convert.TryFromBase64String(padded, bytes, out var length) && Printable(bytes.AsSpan(0, length)) is { } decoded)
            {
                yield return decoded;
            }
        }
        foreach (var match in Hex().EnumerateMatches(text).Spans(text))
        {
            var digits = string.Concat(match.Where(char.IsAsciiHexDigit));
            if (digits.Length % 2 == 0 && Printable(Convert.FromHexString(digits)) is { } decoded)
            {
                yield return decoded;
            }
        }
    }

    private static IEnumerable<string> Rewritten(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal) && Percent().IsMatch(text))
        {
            yield return Uri.UnescapeDataString(text.Replace('+', ' '));
        }
        if (text.Contains("&#", StringComparison.Ordinal))
        {
            yield return WebUtility.HtmlDecode(text);
        }
        if (Escape().Count(text) > 3)
        {
            yield return Escape().Replace(text, match => ((char)Convert.ToInt32(match.Value.TrimStart('\\')[1..], 16)).ToString());
        }
        if (Spaced().IsMatch(text))
        {
            yield return Spaced().Replace(text, match => Joined(match.Value));
        }
        if (CutInTwo().IsMatch(text))
        {
            yield return CutInTwo().Replace(text, "");
        }
        if (Digits().Count(text) > 1)
        {
            yield return Digits().Replace(text, match => Letters(match.Value));
        }
        foreach (var (turn, words) in Turns)
        {
            if (words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                yield return turn(text);
            }
        }
    }

    /// <summary>Two or more separators are a gap between words.</summary>
    private static string Joined(string spaced)
    {
        var gap = spaced.Contains("  ", StringComparison.Ordinal) ? WordGap().Replace(spaced, "\n") : spaced;
        return string.Concat(gap.Select(letter => letter == '\n' ? " " : char.IsLetterOrDigit(letter) ? letter.ToString() : ""));
    }

    private static string Letters(string word) => string.Create(word.Length, word, (letters, from) =>
    {
        for (var at = 0; at < letters.Length; at++)
        {
            letters[at] = "0134578@$!" is var digits && digits.IndexOf(from[at]) is >= 0 and var which ? "oieastbasi"[which] : from[at];
        }
    });

    private static string Rot13(string text) => string.Create(text.Length, text, (letters, from) =>
    {
        for (var at = 0; at < letters.Length; at++)
        {
            var small = (char)(from[at] | 0x20);
            letters[at] = small is >= 'a' and <= 'z' ? (char)(from[at] + (small < 'n' ? 13 : -13)) : from[at];
        }
    });

    private static string Backwards(string text)
    {
        var letters = text.ToCharArray();
        Array.Reverse(letters);
        return new string(letters);
    }

    private static string? Printable(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < 0x20 and not (0x09 or 0x0A or 0x0D) or 0x7F)
            {
                return null;
            }
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private static List<string> Spans(this Regex.ValueMatchEnumerator matches, string text)
    {
        var found = new List<string>();
        foreach (var match in matches)
        {
            if (found.Count == Most)
            {
                break;
            }
            found.Add(text.Substring(match.Index, match.Length));
        }
        return found;
    }

    [GeneratedRegex(@"[A-Za-z0-9+/_-]{20,}={0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Base64();

    [GeneratedRegex(@"(?:(?:\\x|0x)?[0-9A-Fa-f]{2}[ ,:]?){12,}", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex(@"(?:%[0-9A-Fa-f]{2}[^%\s]{0,12}){3}", RegexOptions.CultureInvariant)]
    private static partial Regex Percent();

    [GeneratedRegex(@"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    /// <summary>A word of single letters; more than one space is the gap to the next.</summary>
    [GeneratedRegex(@"\b\w(?:[ .\-_*|/]{1,3}\w){4,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Spaced();

    [GeneratedRegex(" {2,3}", RegexOptions.CultureInvariant)]
    private static partial Regex WordGap();

    /// <summary>What is between the parts of <c>"disreg" + "ard"</c> or of <c>a = "disreg", b = "ard"</c>.</summary>
    [GeneratedRegex(@"[""'] ?(?:\+|\.|,|&|and|then)? {0,2}(?:\w{1,8} {0,2}[=:]|\+)? {0,2}[""']", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex CutInTwo();

    /// <summary>A word with digits among its letters.</summary>
    [GeneratedRegex(@"\b[A-Za-z]{0,20}[0134578@$][A-Za-z]{1,20}[A-Za-z0134578@$]{0,20}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
