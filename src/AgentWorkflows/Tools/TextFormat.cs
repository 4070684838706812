using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools;

/// <summary>The values of JSON schema's <c>format</c> that are enforced. Pure.</summary>
internal static partial class TextFormat
{
    private static readonly Dictionary<string, (string Description, Func<string, bool> Matches)> Formats = new(StringComparer.Ordinal)
    {
        ["date"] = ("a date such as 2026-11-21", text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
        ["time"] = ("a time such as 14:30:00", text => TimeOnly.TryParseExact(text, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
        ["date-time"] = ("a date and time with its offset, such as 2026-11-21T14:30:00Z", IsDateTime),
        ["email"] = ("an e-mail address", IsEmail),
        ["uri"] = ("an absolute http or https URL", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
        ["uuid"] = ("a UUID such as 123e4567-e89b-12d3-a456-426614174000", text => Guid.TryParseExact(text, "D", out _)),
    };

    public static IReadOnlyCollection<string> Known => Formats.Keys;

    /// <summary>True also for a format that is not enforced; contracts with one are refused at start.</summary>
    public static bool Matches(string format, string text) => !Formats.TryGetValue(format, out var known) || known.Matches(text);

    public static string Describe(string format) => Formats.TryGetValue(format, out var known) ? known.Description : format;

    private static bool IsDateTime(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The platform's own reading takes much more: spaces for hyphens, months in words.</summary>
    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();

    /// <summary>One address and nothing else: no display name, no list, no line end that would add a header.</summary>
    private static bool IsEmail(string text) =>
        text.Length <= 254 && !text.Any(char.IsControl) && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.');
}
