using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Models;

/// <summary>
/// Text with references: <c>{goal.NAME}</c>, <c>{context.KEY}</c>, <c>{STEP.path.to.value}</c>, each with an optional text for when there is no value:
/// <c>{goal.reason|no reason given}</c>. A path that meets a list goes through all its items.
/// </summary>
internal static partial class PlaybookTemplate
{
    public const string Goal = "goal";
    public const string Context = "context";
    public const string Message = "message";

    public static IEnumerable<string> References(string template) => Reference().Matches(template).Select(match => match.Groups["path"].Value);

    /// <summary>Every text inside a JSON value.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        _ => [],
    };

    public static string Fill(string template, Func<string, JsonElement?> find) => Reference().Replace(template, match => FillOne(match, find));

    /// <summary>A value that is one single reference keeps its JSON type, and is left out when there is nothing to refer to.</summary>
    public static JsonNode? Fill(JsonElement value, Func<string, JsonElement?> find)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!;
                var match = Reference().Match(text);
                if (!match.Success || match.Length != text.Length)
                {
                    return JsonValue.Create(Fill(text, find));
                }
                return find(match.Groups["path"].Value) is { } found ? JsonSerializer.SerializeToNode(found)
                    : match.Groups["else"].Success ? JsonValue.Create(match.Groups["else"].Value)
                    : null;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => Fill(item, find)).Where(item => item is not null)]);
            case JsonValueKind.Object:
                var members = value.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Fill(member.Value, find)));
                return new JsonObject(members.Where(member => member.Value is not null));
            default:
                return JsonSerializer.SerializeToNode(value);
        }
    }

    /// <summary>The value at a dotted path; <c>null</c> when there is none.</summary>
    public static JsonElement? Walk(JsonElement value, ReadOnlySpan<string> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                var rest = path[i..].ToArray();
                return JsonSerializer.SerializeToElement(value.EnumerateArray().Select(item => Walk(item, rest)).OfType<JsonElement>());
            }
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(path[i], out value))
            {
                return null;
            }
        }
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    private static string FillOne(Match match, Func<string, JsonElement?> find)
    {
        var text = find(match.Groups["path"].Value) is { } value ? Show(value) : "";
        return text.Length > 0 ? text : match.Groups["else"].Value;
    }

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Show)),
        _ => value.GetRawText(),
    };

    [GeneratedRegex(@"\{(?<path>[A-Za-z_][A-Za-z0-9_.-]*)(\|(?<else>[^{}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
