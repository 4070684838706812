using System.Text.RegularExpressions;

namespace AgentWorkflows.Models;

/// <summary>How goal patterns are read, when a playbook is checked and when it is followed.</summary>
internal static class PlaybookGoal
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchLimit);
}
