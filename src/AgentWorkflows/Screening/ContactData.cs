using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <summary>E-mail addresses, links and telephone numbers in a text. Pure; linear.</summary>
internal static partial class ContactData
{
    private const int FewestDigits = 7;

    /// <summary>A number with a leading zero has at least so many; shorter ones are dates and articles.</summary>
    private const int FewestNationalDigits = 9;

    /// <summary>What <see cref="Phone"/> finds and is no number anybody can call.</summary>
    public static bool IsPhone(string found)
    {
        var digits = found.Count(char.IsAsciiDigit);
        return digits >= (found[0] == '0' ? FewestNationalDigits : FewestDigits);
    }

    /// <summary>Not what stands before the host of a link.</summary>
    [GeneratedRegex(
        @"(?<![\p{L}\p{N}._%+-]|//)[\p{L}\p{N}._%+'-]{1,64}(?:@| ?[(\[{]at[)\]}] ?)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Email();

    /// <summary>Any scheme, none before two slashes, and a bare name of a host where it ends as only hosts do or a path follows.</summary>
    [GeneratedRegex(
        @"(?:\b[a-z][a-z0-9+.-]{1,12}://|(?<![:\w/.-])//(?=[\w-]{1,63}\.[\w-])|\bwww\.)[^\s<>""'\])]{1,2000}"
        + @"|(?<![\w@./-])(?:[\w-]{1,63}\.){1,6}(?:(?-i:com|net|org|info|biz|xyz|shop|online|site|example)(?![\w-])(?:[:/?][^\s<>""'\])]{0,2000})?"
        + @"|(?-i:[a-z]{2,3})/[^\s<>""'\])]{1,2000})",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Link();

    /// <summary>International, in brackets, North American, with a leading zero, and nine digits in threes where a word before says what they are.</summary>
    [GeneratedRegex(
        @"(?<![\w.-])(?:\+\d[\d\s().-]{6,18}\d|\(\d{2,5}\)[\s-]?\d[\d\s-]{3,12}\d|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}|0\d{1,4}([-/ .])\d{2,9}(?:\1\d{2,9}){0,4}"
        + @"|(?<=\b(?:tel|phone|call|ring|dial|fax|mobile|whatsapp|telefon|anrufen|rufen|appelez|llame|llama|chiama|bel|number|nummer)\b[^\d\n]{0,20})\d{3} \d{3} \d{3})(?![\w-])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Phone();
}
