using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Evals;

/// <summary>Where the arguments of two calls differ. Pure.</summary>
internal static class CallDifference
{
    private const int MaxShown = 5;

    /// <summary>Values that differ, by their dotted path.</summary>
    public static IReadOnlyList<(string Path, JsonElement? Recorded, JsonElement? Asked)> Of(JsonElement recorded, JsonElement asked)
    {
        var (before, now) = (Leaves(recorded), Leaves(asked));
        return
        [
            .. before.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(path => !(before.TryGetValue(path, out var one) && now.TryGetValue(path, out var other) && ValueCheck.Same(one, other)))
                .Select(path => (path, before.TryGetValue(path, out var one) ? one : (JsonElement?)null, now.TryGetValue(path, out var other) ? other : (JsonElement?)null)),
        ];
    }

    /// <summary>For people: what of the record is nearest to a call that it does not have.</summary>
    public static string Describe(string tool, JsonElement asked, IReadOnlyList<RecordedCall> recorded)
    {
        var nearest = recorded.Where(call => call.Tool == tool).Select(call => (Call: call, Difference: Of(call.Arguments, asked))).OrderBy(pair => pair.Difference.Count).FirstOrDefault();
        if (nearest.Call is null)
        {
            var tools = recorded.Select(call => call.Tool).Distinct().ToList();
            return $"The record has no call of {tool}. It has: {(tools.Count == 0 ? "none" : string.Join(", ", tools))}. Asked: {ValueCheck.Shown(asked)}.";
        }
        var shown = nearest.Difference.Take(MaxShown).Select(part => $"{part.Path}: recorded {Text(part.Recorded)}, asked {Text(part.Asked)}");
        var more = nearest.Difference.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $"; and {nearest.Difference.Count - MaxShown} more") : "";
        return $"The record has no such call of {tool}. The nearest differs in {string.Join("; ", shown)}{more}.";
    }

    private static string Text(JsonElement? value) => value is { } there ? ValueCheck.Shown(there) : "nothing";

    private static Dictionary<string, JsonElement> Leaves(JsonElement value)
    {
        var leaves = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Collect(value, "", leaves);
        return leaves;
    }

    private static void Collect(JsonElement value, string path, Dictionary<string, JsonElement> leaves)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var member in value.EnumerateObject())
                {
                    Collect(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", leaves);
                }
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Collect(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{index}"), leaves);
                }
                break;
            // A member that is null says as much as one that is left out.
            case JsonValueKind.Null when path.Length > 0:
                break;
            default:
                leaves[path] = value;
                break;
        }
    }
}
