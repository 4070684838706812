using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.Words;

namespace AgentWorkflows.Guards;

/// <summary>
/// Short names for what a model did and what it got, so that the orchestrator can compare turns without holding their content: 16 hex digits each. Pure.
/// </summary>
internal static partial class Fingerprint
{
    private const int Length = 16;
    private const int MinTextLength = 12;

    /// <summary>The same for the same tool and arguments, in whatever order the members are written.</summary>
    public static string OfCall(string tool, JsonElement arguments) => ArgumentsHash.Of(tool, arguments)[..Length];

    /// <summary>The same for the same outcome of the same tool, whatever it was asked.</summary>
    /// <param name="outcome">The tool's name and how it went.</param>
    public static string OfOutcome(string outcome, JsonElement? result, string? message) =>
        result is { } value ? ArgumentsHash.Of(outcome, value)[..Length] : OfText($"{outcome}/{message}");

    /// <summary>Case and white space do not count. Empty for a text too short to say anything.</summary>
    public static string OfSaying(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = WhiteSpace().Replace(text.Trim(), " ").ToUpperInvariant();
        return plain.Length < MinTextLength ? "" : OfText(plain);
    }

    private static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Length];

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
