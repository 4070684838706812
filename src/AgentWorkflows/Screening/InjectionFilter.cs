using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <param name="Value">What the model may see.</param>
/// <param name="Kinds">What was found; empty when nothing was.</param>
internal sealed record FilteredJson(JsonElement Value, IReadOnlyList<string> Kinds, double Score);

/// <summary>Applies <see cref="InjectionScreen"/> to a tool's result, text by text, under the agent's policy. Pure.</summary>
internal static partial class InjectionFilter
{
    public const string Marker = "[removed: looked like instructions to the model]";

    public static FilteredJson Apply(JsonElement value, InjectionPolicy policy)
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var score = 0.0;
        string Filter(string text)
        {
            var finding = InjectionScreen.Check(text);
            if (!finding.IsSuspicious)
            {
                return text;
            }
            kinds.UnionWith(finding.Kinds);
            score = Math.Max(score, finding.Score);
            return policy == InjectionPolicy.Log ? text : Strip(text);
        }
        var filtered = Walk(value, Filter);
        return kinds.Count == 0
            ? new FilteredJson(value, [], 0)
            : new FilteredJson(policy == InjectionPolicy.Log ? value : JsonSerializer.SerializeToElement(filtered), [.. kinds], score);
    }

    /// <summary>Takes the suspicious sentences out; where the whole is suspicious and no sentence is, all of it.</summary>
    public static string Strip(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var kept = string.Concat(Sentences().Split(text).Select(part => InjectionScreen.Check(part).IsSuspicious ? Marker : part));
        return InjectionScreen.Check(kept).IsSuspicious ? Marker : kept;
    }

    private static JsonNode? Walk(JsonElement value, Func<string, string> filter) => value.ValueKind switch
    {
        JsonValueKind.String => JsonValue.Create(filter(value.GetString()!)),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Walk(item, filter))]),
        JsonValueKind.Object => Members(value, filter),
        _ => JsonNode.Parse(value.GetRawText()),
    };

    /// <summary>Names are read by the model too.</summary>
    private static JsonObject Members(JsonElement value, Func<string, string> filter)
    {
        var members = new JsonObject();
        var role = SystemRole(value);
        foreach (var member in value.EnumerateObject())
        {
            // As a chat format writes it, so that the screen knows it for what it is.
            members[filter(member.Name)] = role is not null && (member.NameEquals("role") || member.NameEquals("content"))
                ? JsonValue.Create(filter($"<|{role}|>"))
                : Walk(member.Value, filter);
        }
        return members;
    }

    /// <summary>Who speaks, where the object is a message of a chat that would outrank the user's.</summary>
    private static string? SystemRole(JsonElement value) =>
        value.TryGetProperty("content", out _) && value.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
        && role.GetString() is "system" or "developer"
            ? role.GetString()
            : null;

    [GeneratedRegex(@"(?<=[.!?]\s|\n)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentences();
}
