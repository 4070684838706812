using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Screening;

/// <summary>
/// What a contract's <c>log_fields</c> leave of a call in timelines and audit. A field is a member of the arguments or of the result, dotted for members of members
/// (<c>customer.id</c>); a path goes through lists (<c>orders.id</c> is the id of each); <c>$</c> is everything. A named field is kept with all that is in it. A contract
/// that names none keeps everything. The model, approvers and the tool itself are given the values, not this. Pure.
/// </summary>
internal static class LoggedFields
{
    public const string NotLogged = "(not logged)";
    private const string Everything = "$";

    /// <summary>Shorter values stand in too many texts by chance.</summary>
    private const int ShortestValue = 4;

    /// <summary>Names stay; values of members that are not listed do not.</summary>
    public static JsonElement? Of(IReadOnlyList<string>? fields, JsonElement? value) =>
        value is not { } given || !IsLimited(fields) ? value : JsonSerializer.SerializeToElement(Keep(given, fields!));

    /// <summary>The text without the values of <paramref name="calls"/> that are not to be logged.</summary>
    public static string? Text(IReadOnlyList<string>? fields, string? text, params ReadOnlySpan<JsonElement?> calls)
    {
        if (text is null || !IsLimited(fields))
        {
            return text;
        }
        var hidden = new SortedSet<string>(Comparer<string>.Create((one, other) =>
            one.Length != other.Length ? other.Length - one.Length : string.CompareOrdinal(one, other)));
        foreach (var call in calls)
        {
            if (call is { } value)
            {
                AddHidden(value, fields!, hidden);
            }
        }
        // The longest first: one value may be part of another.
        return hidden.Aggregate(text, (rest, value) => rest.Replace(value, NotLogged, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>True for fields that keep something out.</summary>
    public static bool IsLimited(IReadOnlyList<string>? fields) => fields is { Count: > 0 } && !fields.Contains(Everything);

    private static JsonNode? Keep(JsonElement value, IReadOnlyList<string> fields) => value.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Keep(item, fields))]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().DistinctBy(member => member.Name).Select(member =>
            new KeyValuePair<string, JsonNode?>(member.Name, fields.Contains(member.Name) ? JsonNode.Parse(member.Value.GetRawText()) : Inner(member, fields)))),
        _ => JsonValue.Create(NotLogged),
    };

    private static JsonNode? Inner(JsonProperty member, IReadOnlyList<string> fields) =>
        Below(member.Name, fields) is { Count: > 0 } below ? Keep(member.Value, below) : JsonValue.Create(NotLogged);

    /// <summary>What is listed of the members of <paramref name="name"/>.</summary>
    private static List<string> Below(string name, IReadOnlyList<string> fields) =>
        [.. fields.Where(field => field.Length > name.Length + 1 && field[name.Length] == '.' && field.StartsWith(name, StringComparison.Ordinal))
            .Select(field => field[(name.Length + 1)..])];

    private static void AddHidden(JsonElement value, IReadOnlyList<string> fields, SortedSet<string> hidden)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    AddHidden(item, fields, hidden);
                }
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Where(member => !fields.Contains(member.Name)))
                {
                    AddHidden(member.Value, Below(member.Name, fields), hidden);
                }
                break;
            case JsonValueKind.String or JsonValueKind.Number when value.ToString() is { Length: >= ShortestValue } text:
                hidden.Add(text);
                break;
            default:
                break;
        }
    }
}
