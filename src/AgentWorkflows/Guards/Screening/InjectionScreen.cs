using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Guards.Screening;

/// <param name="Kinds">Which heuristics fired, by stable name.</param>
public sealed record InjectionFinding(double Score, IReadOnlyList<string> Kinds)
{
    /// <summary>From this score on a text is taken for an attack.</summary>
    public const double Threshold = 0.5;

    public bool IsSuspicious => Score >= Threshold;
}

/// <summary>
/// Heuristics for text that tries to instruct the model: overriding instructions, role markers, asking for the prompt, claiming approval, hidden Unicode, encoded
/// payloads, exfiltration. Each has a weight; the score is <c>1 − Π(1 − weight)</c>. They find the known kinds, not every attack: permissions, tiers and approvals do
/// not depend on them. A text that takes longer than a second for one heuristic is taken for an attack.
/// </summary>
public static partial class InjectionScreen
{
    public const int MaxLength = 200_000;
    private const int MaxDecodings = 20;
    private const string Unreadable = "takes_too_long_to_read";

    public static InjectionFinding Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bounded = text.Length <= MaxLength ? text : text[..MaxLength];
        var kinds = new Dictionary<string, double>(StringComparer.Ordinal);
        if (HiddenText.Weight(bounded) is var hidden and > 0)
        {
            kinds["hidden_unicode"] = hidden;
        }
        AddPatterns(HiddenText.Visible(bounded), kinds);
        foreach (var decoded in Decoded(bounded).Take(MaxDecodings).TakeWhile(_ => !kinds.ContainsKey(Unreadable)))
        {
            var inner = new Dictionary<string, double>(StringComparer.Ordinal);
            AddPatterns(decoded, inner);
            if (inner.TryGetValue(Unreadable, out var weight))
            {
                kinds[Unreadable] = weight;
            }
            else if (inner.Count > 0)
            {
                kinds["encoded_payload"] = 0.8;
            }
        }
        var score = 1 - kinds.Values.Aggregate(1.0, (product, weight) => product * (1 - weight));
        return new InjectionFinding(Math.Round(score, 3), [.. kinds.Keys]);
    }

    private static void AddPatterns(string text, Dictionary<string, double> kinds)
    {
        try
        {
            foreach (var (kind, weight, pattern) in InjectionPatterns.All)
            {
                if (pattern.IsMatch(text))
                {
                    kinds[kind] = Math.Max(weight, kinds.GetValueOrDefault(kind));
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // No text that means well takes this long to read.
            kinds[Unreadable] = 0.6;
        }
    }

    /// <summary>Base64, hexadecimal, percent escapes and spaced-out letters, as text where they are text.</summary>
    private static IEnumerable<string> Decoded(string text)
    {
        foreach (Match match in Base64().Matches(text))
        {
            var bytes = new byte[match.Length];
            var padded = match.Value.TrimEnd('=');
            padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
            if (Convert.TryFromBase64String(padded, bytes, out var length) && Printable(bytes.AsSpan(0, length)) is { } decoded)
            {
                yield return decoded;
            }
        }
        foreach (Match match in Hex().Matches(text))
        {
            if (match.Length % 2 == 0 && Printable(Convert.FromHexString(match.Value)) is { } decoded)
            {
                yield return decoded;
            }
        }
        if (text.Contains('%', StringComparison.Ordinal) && Percent().IsMatch(text))
        {
            yield return Uri.UnescapeDataString(text);
        }
        if (Spaced().IsMatch(text))
        {
            yield return Spaced().Replace(text, match => WordGap().Replace(match.Value, "\n").Replace(" ", "", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal) + " ");
        }
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

    [GeneratedRegex(@"[A-Za-z0-9+/]{24,}={0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Base64();

    [GeneratedRegex(@"\b(?:[0-9A-Fa-f]{2}){16,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex(@"(?:%[0-9A-Fa-f]{2}[^%\s]{0,12}){3}", RegexOptions.CultureInvariant)]
    private static partial Regex Percent();

    [GeneratedRegex(@"\b(?:\w {1,3}){8,}\w\b", RegexOptions.CultureInvariant)]
    private static partial Regex Spaced();

    [GeneratedRegex(" {2,3}", RegexOptions.CultureInvariant)]
    private static partial Regex WordGap();
}
