using System.Text.Json;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Bodies;

/// <summary>Checks of a whole JSON document that hold for every body, and the words problems are told in.</summary>
internal static class JsonCheck
{
    private const int MaxShown = 40;

    /// <summary>
    /// Refuses members given twice (two readers would disagree which one counts, and one of them may be the approver's) and escaped text that is
    /// no valid Unicode. True when the document can be read on.
    /// </summary>
    public static bool Text(JsonElement element, string path, List<RequestProblem> problems)
    {
        var readable = true;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                readable = Members(element, path, problems);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    readable &= Text(item, $"{path}[{index++}]", problems);
                }
                break;
            case JsonValueKind.String when !TryRead(element.GetString, out _):
                problems.Add(new RequestProblem("invalid_text", path, "The text is not valid Unicode."));
                return false;
        }
        return readable;
    }

    public static string Child(string path, string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"{path}.{name}"
            : $"{path}['{Cut(name).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    public static string Cut(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";

    private static bool Members(JsonElement element, string path, List<RequestProblem> problems)
    {
        var readable = true;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!TryRead(() => member.Name, out var name))
            {
                problems.Add(new RequestProblem("invalid_text", path, "A field's name is not valid Unicode."));
                return false;
            }
            if (!seen.Add(name))
            {
                problems.Add(new RequestProblem("duplicate_field", Child(path, name), "The field is given more than once."));
            }
            readable &= Text(member.Value, Child(path, name), problems);
        }
        return readable;
    }

    private static bool TryRead(Func<string?> read, out string text)
    {
        try
        {
            text = read() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws for an escaped lone surrogate.
            text = "";
            return false;
        }
    }
}
