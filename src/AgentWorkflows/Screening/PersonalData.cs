using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <summary>Numbers that identify a person's money or identity, told from other numbers by their check digits. Pure.</summary>
internal static partial class PersonalData
{
    /// <returns>What kind is in the text, or <c>null</c>.</returns>
    public static string? FirstKind(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Card().Matches(text).Any(match => IsCard(match.Value)) ? "payment card number"
            : Iban().Matches(text).Any(match => IsIban(match.Value)) ? "bank account number"
            : SocialSecurity().IsMatch(text) ? "social security number"
            : null;
    }

    public static string Replace(string text, Func<string, string> by)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(by);
        var replaced = Card().Replace(text, match => IsCard(match.Value) ? by("card") : match.Value);
        replaced = Iban().Replace(replaced, match => IsIban(match.Value) ? by("account") : match.Value);
        return SocialSecurity().Replace(replaced, _ => by("ssn"));
    }

    /// <summary>Characters of an account number (IBAN), by country.</summary>
    private static readonly Dictionary<string, int> Lengths = new(StringComparer.Ordinal)
    {
        ["AD"] = 24,
        ["AE"] = 23,
        ["AT"] = 20,
        ["BE"] = 16,
        ["BG"] = 22,
        ["CH"] = 21,
        ["CY"] = 28,
        ["CZ"] = 24,
        ["DE"] = 22,
        ["DK"] = 18,
        ["EE"] = 20,
        ["ES"] = 24,
        ["FI"] = 18,
        ["FR"] = 27,
        ["GB"] = 22,
        ["GR"] = 27,
        ["HR"] = 21,
        ["HU"] = 28,
        ["IE"] = 22,
        ["IL"] = 23,
        ["IS"] = 26,
        ["IT"] = 27,
        ["LI"] = 21,
        ["LT"] = 20,
        ["LU"] = 20,
        ["LV"] = 21,
        ["MC"] = 27,
        ["MT"] = 31,
        ["NL"] = 18,
        ["NO"] = 15,
        ["PL"] = 28,
        ["PT"] = 25,
        ["RO"] = 24,
        ["SA"] = 24,
        ["SE"] = 24,
        ["SI"] = 19,
        ["SK"] = 24,
        ["SM"] = 27,
        ["TR"] = 26,
    };

    /// <summary>Luhn's check (ISO/IEC 7812), 13 to 19 digits.</summary>
    private static bool IsCard(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Select(digit => digit - '0').ToArray();
        if (digits.Length is < 13 or > 19 || digits.Distinct().Count() == 1)
        {
            return false;
        }
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] * (i % 2 == 0 ? 1 : 2);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>The check of ISO 13616: the rearranged number, letters as 10 to 35, is 1 modulo 97.</summary>
    private static bool IsIban(string text)
    {
        var compact = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        // What follows the number may look like a part of it.
        if (Lengths.TryGetValue(compact[..2], out var length) && compact.Length > length)
        {
            compact = compact[..length];
        }
        if (compact.Length is < 15 or > 34)
        {
            return false;
        }
        var rest = 0;
        foreach (var letter in compact[4..] + compact[..4])
        {
            var value = char.IsAsciiDigit(letter) ? letter - '0' : letter - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }
        return rest == 1;
    }

    [GeneratedRegex(@"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Card();

    [GeneratedRegex(@"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|[a-z]{2}\d{2}[a-z0-9]{11,30})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Iban();

    [GeneratedRegex(@"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex SocialSecurity();
}
