using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools.Sources;

/// <summary>Text of a settings file in which <c>${NAME}</c> stands for a variable of the host's environment: a secret is named there, not written. Pure.</summary>
internal static partial class EnvironmentText
{
    public static IEnumerable<string> Names(string text) => Variable().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>Variables that are not there stay as they are: <see cref="Missing"/> names them.</summary>
    public static string Expand(string text, Func<string, string?> variable) => Variable().Replace(text, match => variable(match.Groups[1].Value) ?? match.Value);

    /// <summary>For a message; <c>null</c> when every variable of every text is there.</summary>
    public static string? Missing(IEnumerable<string> texts, Func<string, string?> variable) =>
        texts.SelectMany(Names).Distinct(StringComparer.Ordinal).Where(name => string.IsNullOrEmpty(variable(name))).ToList() is [_, ..] missing
            ? $"The environment has no {string.Join(" and no ", missing)}. Set {(missing.Count == 1 ? "it" : "them")} where the host is started."
            : null;

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
