using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Models;

/// <summary>How goal patterns are read, when a playbook is checked and when it is followed.</summary>
internal static class PlaybookGoal
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(200);

    private static readonly ConditionalWeakTable<PlaybookEntry, Regex> Known = [];

    /// <summary>The entry's pattern, read once for each entry in memory.</summary>
    public static Regex Of(PlaybookEntry entry) => Known.GetValue(entry, static read => Compile(read.Goal));

    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchLimit);
}
