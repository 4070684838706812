using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>
/// Puts lists that come from unordered sources into one order, so that the same facts read the same: items sorted by their canonical JSON, compared byte by byte. Pure.
/// </summary>
internal static class ResultOrder
{
    /// <param name="paths">Dotted paths of lists, such as <c>orders</c>; <c>$</c> is the result itself. A path that leads to no list changes nothing.</param>
    public static JsonElement Apply(JsonElement result, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            return result;
        }
        JsonNode? root = JsonSerializer.SerializeToNode(result);
        foreach (var path in paths)
        {
            if (Find(root, path) is JsonArray list)
            {
                Sort(list);
            }
        }
        return JsonSerializer.SerializeToElement(root);
    }

    private static JsonNode? Find(JsonNode? node, string path)
    {
        if (path == "$")
        {
            return node;
        }
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }
        return node;
    }

    private static void Sort(JsonArray list)
    {
        var items = list.Select(item => (Key: Canonical(item), Item: item)).OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Item).ToList();
        list.Clear();
        foreach (var item in items)
        {
            list.Add(item);
        }
    }

    private static string Canonical(JsonNode? item)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ArgumentsHash.WriteCanonical(writer, JsonSerializer.SerializeToElement(item));
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
