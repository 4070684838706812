using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

internal abstract record AnswerVerdict
{
    public sealed record Clean : AnswerVerdict;

    /// <param name="Findings">What was taken out, by kind; never the text itself.</param>
    public sealed record Replaced(string Answer, IReadOnlyList<string> Findings) : AnswerVerdict;

    /// <param name="Problem">Written for the model; does not repeat what was found.</param>
    public sealed record Refused(string Problem) : AnswerVerdict;
}

/// <summary>
/// What may stand in an answer: e-mail addresses, links and telephone numbers only when the goal, the context or a tool's result named them; card, account and social
/// security numbers, keys and the agent's instructions never. Pure.
/// </summary>
internal static partial class AnswerScreen
{
    private const int MinLeakLength = 40;

    private static readonly (string Kind, Func<Regex> Pattern, Func<string, IReadOnlyList<string>, bool> IsKnown)[] Checked =
    [
        ("e-mail address", ContactData.Email, (found, known) => known.Any(text => text.Contains(found, StringComparison.OrdinalIgnoreCase))),
        ("link", ContactData.Link, (found, known) => known.Any(text => text.Contains(found.TrimEnd('.', ',', ')', ';', '/', '!', '?'), StringComparison.OrdinalIgnoreCase))),
        ("telephone number", ContactData.Phone, IsKnownPhone),
    ];

    /// <param name="known">Everything that may be named.</param>
    /// <param name="instructions">What no answer may repeat a line of.</param>
    public static AnswerVerdict Check(string answer, IReadOnlyList<string> known, string instructions, OutputPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(instructions);
        if (PersonalData.FirstKind(answer) is { } personal)
        {
            return new AnswerVerdict.Refused($"The answer contains a {personal}. Answer without it.");
        }
        if (Redaction.HasKey(answer))
        {
            return new AnswerVerdict.Refused("The answer contains a key or token. Answer without it.");
        }
        if (Leaks(answer, instructions))
        {
            return new AnswerVerdict.Refused("The answer repeats your instructions. Answer the goal without them.");
        }
        var findings = new List<string>();
        var cleaned = answer;
        foreach (var (kind, pattern, isKnown) in Checked)
        {
            cleaned = pattern().Replace(cleaned, match =>
            {
                if (isKnown(match.Value, known))
                {
                    return match.Value;
                }
                findings.Add(kind);
                return $"[{kind} removed: not from the session's data]";
            });
        }
        return findings switch
        {
            [] => new AnswerVerdict.Clean(),
            _ when policy == OutputPolicy.Refuse => new AnswerVerdict.Refused(
                $"The answer names a {findings[0]} that is in no tool result, nor in the goal or context. Name only what was found there."),
            _ => new AnswerVerdict.Replaced(cleaned, findings),
        };
    }

    /// <summary>A whole line of the instructions, long enough not to be there by chance.</summary>
    private static bool Leaks(string answer, string instructions)
    {
        var said = Squeezed(answer);
        return instructions.Split('\n').Select(Squeezed).Any(line => line.Length >= MinLeakLength && said.Contains(line, StringComparison.OrdinalIgnoreCase));
    }

    private static string Squeezed(string text) => Spaces().Replace(text, " ").Trim(' ', '-', '*');

    private static bool IsKnownPhone(string found, IReadOnlyList<string> known)
    {
        var digits = Digits(found);
        return !ContactData.IsPhone(found) || known.Any(text => Digits(text).Contains(digits, StringComparison.Ordinal));
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
