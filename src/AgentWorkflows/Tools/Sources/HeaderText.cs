namespace AgentWorkflows.Tools.Sources;

/// <summary>What may stand in a request's headers. Pure.</summary>
internal static class HeaderText
{
    public static bool IsValue(string text) => text.All(letter => letter is >= ' ' and <= '~') && text.Trim() == text;

    public static bool IsName(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
