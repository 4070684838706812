namespace AgentWorkflows.Connectors.Chat;

/// <summary>What a model said, without what servers leave around it that is never part of an answer. Pure.</summary>
internal static class ModelText
{
    private static readonly string[] Names = ["think", "thinking", "reasoning"];

    /// <summary>
    /// Without byte order marks, and without thoughts at the beginning: a block that is closed, or text up to a closing mark whose beginning the server has swallowed, unless
    /// that text is JSON itself. Thoughts that do not end are left: there is no answer behind them.
    /// </summary>
    public static string Plain(string text)
    {
        var plain = WithoutMarks(text);
        foreach (var name in Names)
        {
            var (open, close) = ($"<{name}>", $"</{name}>");
            var end = plain.IndexOf(close, StringComparison.OrdinalIgnoreCase);
            if (end < 0)
            {
                continue;
            }
            var before = plain[..end].TrimStart();
            if (before.StartsWith(open, StringComparison.OrdinalIgnoreCase) || (before.Length > 0 && before[0] is not ('{' or '[' or '`' or '<')))
            {
                return WithoutMarks(plain[(end + close.Length)..]);
            }
        }
        return plain;
    }

    private static string WithoutMarks(string text) => text.TrimStart('\uFEFF', '\u200B', ' ', '\t', '\r', '\n');
}
