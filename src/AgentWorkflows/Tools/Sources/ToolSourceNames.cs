using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// What tools of sources are called. A source owns its name and every name that begins with it and an underscore, and no two owners overlap; so tools of two sources, and of a
/// source and the program, cannot be mistaken for each other. Pure.
/// </summary>
internal static partial class ToolSourceNames
{
    public const string Rule = "1 to 32 of a-z, 0-9 and single _ between them, beginning with a letter";
    private const int MaxLength = 64;

    public static bool IsName(string name) => name.Length <= 32 && NamePattern().IsMatch(name);

    public static bool Owns(string source, string tool) =>
        tool.StartsWith(source, StringComparison.Ordinal) && (tool.Length == source.Length || tool[source.Length] == '_');

    /// <summary>What stands between two owners; <c>null</c> when they do not overlap.</summary>
    public static string? Overlap(string source, string other) => Owns(source, other) || Owns(other, source)
        ? $"Tools of '{source}' and '{other}' could be mistaken for each other: both would own names that begin with '{(source.Length > other.Length ? source : other)}'. Rename one."
        : null;

    /// <summary>Such as <c>rooms_book_room</c> for <c>bookRoom</c> of <c>rooms</c>: every letter of the model's alphabet in lower case, everything else an underscore.</summary>
    /// <returns><c>null</c> when nothing is left of the name, or it is too long.</returns>
    public static string? Of(string source, string tool)
    {
        var text = new StringBuilder(source).Append('_');
        for (var i = 0; i < tool.Length; i++)
        {
            var letter = tool[i];
            if (char.IsAsciiLetterUpper(letter) && i > 0 && (char.IsAsciiLetterLower(tool[i - 1]) || char.IsAsciiDigit(tool[i - 1])))
            {
                Separate(text);
            }
            if (char.IsAsciiLetterOrDigit(letter))
            {
                text.Append(char.ToLowerInvariant(letter));
            }
            else
            {
                Separate(text);
            }
        }
        var name = text.ToString().TrimEnd('_');
        return name.Length > source.Length && name.Length <= MaxLength ? name : null;
    }

    /// <summary>Which of a source's tools would have one name, or none; empty when all are well named.</summary>
    public static IReadOnlyList<string> Problems(string source, IEnumerable<string> tools)
    {
        var named = tools.Select(tool => (Tool: tool, Name: Of(source, tool))).ToList();
        return
        [
            .. named.Where(item => item.Name is null).Select(item => $"'{Shown(item.Tool)}' cannot be a tool's name: at most {MaxLength} characters, with a letter or a digit."),
            .. named.Where(item => item.Name is not null).GroupBy(item => item.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
                .Select(group => $"{string.Join(" and ", group.Select(item => $"'{Shown(item.Tool)}'"))} would both be called '{group.Key}'."),
        ];
    }

    private static void Separate(StringBuilder text)
    {
        if (text[^1] != '_')
        {
            text.Append('_');
        }
    }

    private static string Shown(string name) => name.Length <= 80 ? name : name[..80] + "…";

    [GeneratedRegex(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*\z")]
    private static partial Regex NamePattern();
}
