using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Models.Plans;

/// <summary>Says what is wrong with a text that is no plan: where, what, and what the schema allows there. Pure.</summary>
internal static partial class PlanProblem
{
    private const int MaxNameLength = 60;

    public static string Of(JsonException problem, JsonElement schema)
    {
        if (problem.InnerException is JsonException || problem.Path is not { } path)
        {
            return problem.Message.Contains("uplicate", StringComparison.Ordinal) ? "The answer has a member twice." : $"The answer is not one JSON object: {Reason(problem)}";
        }
        if (Quoted().Match(problem.Message) is { Success: true } unknown && problem.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            var name = unknown.Groups[1].Value;
            var parent = path.Length > name.Length && path.EndsWith(name, StringComparison.Ordinal) ? path[..^(name.Length + 1)] : "$";
            return $"{parent} has a member '{Cut(name)}' that the schema does not know. Allowed: {string.Join(", ", MembersAt(schema, parent))}.";
        }
        if (problem.Message.Contains("missing required properties", StringComparison.Ordinal))
        {
            var missing = problem.Message[problem.Message.IndexOf("including", StringComparison.Ordinal)..];
            return $"{path} lacks {string.Join(", ", Quoted().Matches(missing).Select(match => match.Groups[1].Value))}.";
        }
        if (problem.Message.Contains("uplicate", StringComparison.Ordinal))
        {
            return $"{path} has a member twice.";
        }
        return At(schema, path) is { } expected
            ? $"{path} must be {Expected(expected)}."
            : $"{path} does not follow the schema.";
    }

    private static string Reason(JsonException problem)
    {
        var end = problem.Message.IndexOf(" Path:", StringComparison.Ordinal);
        var reason = end < 0 ? problem.Message : problem.Message[..end];
        return problem.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}: {reason}")
            : reason;
    }

    private static string Expected(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values))
        {
            return $"one of {string.Join(", ", values.EnumerateArray())}";
        }
        if (!schema.TryGetProperty("type", out var type))
        {
            return "as the schema says";
        }
        return type.ValueKind == JsonValueKind.Array ? string.Join(" or ", type.EnumerateArray()) : type.ToString();
    }

    private static IEnumerable<string> MembersAt(JsonElement schema, string path) =>
        At(schema, path) is { } found && found.TryGetProperty("properties", out var members) ? members.EnumerateObject().Select(member => member.Name) : [];

    /// <summary>What the schema says of a path such as <c>$.steps[0].id</c>.</summary>
    private static JsonElement? At(JsonElement root, string path)
    {
        var found = root;
        foreach (Match part in PathPart().Matches(path))
        {
            if (!(part.Value[0] == '[' ? found.TryGetProperty("items", out var next)
                : found.TryGetProperty("properties", out var members) & members.ValueKind == JsonValueKind.Object && members.TryGetProperty(part.Groups[1].Value, out next)))
            {
                return null;
            }
            found = next.TryGetProperty("$ref", out var reference) ? Resolve(root, reference.GetString()!) : next;
        }
        return found;
    }

    private static JsonElement Resolve(JsonElement root, string pointer)
    {
        var found = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            found = found.ValueKind == JsonValueKind.Array ? found[int.Parse(part, CultureInfo.InvariantCulture)] : found.GetProperty(part);
        }
        return found;
    }

    private static string Cut(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength] + "…";

    [GeneratedRegex("'([^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.([A-Za-z_]+)|\[[0-9]+\]", RegexOptions.CultureInvariant)]
    private static partial Regex PathPart();
}
