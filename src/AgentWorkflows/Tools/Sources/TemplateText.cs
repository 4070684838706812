using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools.Sources;

/// <summary>Text with <c>{names}</c> in it; <c>{{</c> and <c>}}</c> are braces, and <c>${NAME}</c> is a variable of the environment, none of ours. Pure.</summary>
internal static partial class TemplateText
{
    public static IEnumerable<string> Names(string text) => Part().Matches(text).Select(match => match.Groups["name"]).Where(name => name.Success).Select(name => name.Value);

    /// <summary>The name when the text is nothing else.</summary>
    public static string? OnlyName(string text) => Part().Match(text) is { Success: true } match && match.Length == text.Length && match.Groups["name"].Success ? match.Groups["name"].Value : null;

    /// <summary>In one pass: what stands for a variable in a value is only text.</summary>
    public static string Fill(string text, Func<string, string> value, Func<string, string?> variable) => Part().Replace(text, match =>
        match.Groups["name"].Success ? value(match.Groups["name"].Value)
        : match.Value.StartsWith('$') ? variable(match.Value[2..^1]) ?? match.Value
        : match.Value[..1]);

    /// <summary>Scheme and host, with a slash behind; <c>null</c> when there is none.</summary>
    public static string? OriginOf(string url) => Origin().Match(url) is { Success: true } match ? match.Value + "/" : null;

    [GeneratedRegex(@"\{\{|\}\}|\$\{[A-Za-z_][A-Za-z0-9_]*\}|\{(?<name>[A-Za-z_][A-Za-z0-9_-]*)\}")]
    private static partial Regex Part();

    [GeneratedRegex(@"^https?://[^/?#]+", RegexOptions.IgnoreCase)]
    private static partial Regex Origin();
}
