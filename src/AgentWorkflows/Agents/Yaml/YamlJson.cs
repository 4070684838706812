using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentWorkflows.Agents.Yaml;

/// <summary>YAML values as JSON: plain scalars that read as JSON numbers, booleans or null are those; everything else is text.</summary>
internal static partial class YamlJson
{
    public static JsonElement ToElement(YamlNode node) => JsonSerializer.SerializeToElement(ToNode(node));

    /// <summary>The key of <c>{goal.order}</c> written without quotes, which YAML reads as a map.</summary>
    public static YamlNode? FindUnquotedReference(YamlNode node) => node switch
    {
        YamlMappingNode { Children: [var (key, value)] }
            when value is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" } => key,
        YamlMappingNode map => map.Children.Values.Select(FindUnquotedReference).FirstOrDefault(found => found is not null),
        YamlSequenceNode list => list.Children.Select(FindUnquotedReference).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static JsonNode? ToNode(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), ToNode(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToNode)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidOperationException($"A YAML node of type {node.NodeType} has no JSON form."),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when JsonNumber().IsMatch(text) => JsonNode.Parse(text),
        _ => JsonValue.Create(text),
    };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
