using System.Text.RegularExpressions;

namespace AgentWorkflows.Guards.Screening;

/// <summary>Numbers that identify a person's money or identity, told from other numbers by their check digits. Pure.</summary>
public static partial class PersonalData
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
        var compact = text.Replace(" ", "", StringComparison.Ordinal);
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

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Iban();

    [GeneratedRegex(@"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex SocialSecurity();
}
