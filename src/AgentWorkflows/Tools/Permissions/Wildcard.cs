namespace AgentWorkflows.Tools.Permissions;

/// <summary>Patterns in which <c>*</c> stands for any text, also none. In time proportional to pattern × text, whatever the pattern. Pure.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(text);
        var (at, next, star, resume) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                (star, resume) = (next++, at);
            }
            else if (next < pattern.Length && pattern[next] == text[at])
            {
                (next, at) = (next + 1, at + 1);
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                (next, at) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(next).TrimStart('*').IsEmpty;
    }
}
