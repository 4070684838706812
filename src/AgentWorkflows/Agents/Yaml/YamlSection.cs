using System.Text.Json;
using AgentWorkflows.Agents.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentWorkflows.Agents.Yaml;

/// <summary>A map in a file, with the keys that lead to it. Reading a wrong value reports it and answers the default, so that reading goes on.</summary>
internal sealed class YamlSection
{
    private readonly YamlFile _file;
    private readonly YamlMappingNode _node;

    private readonly Shape? _shape;

    private YamlSection(YamlFile file, YamlMappingNode node, string path, Shape? shape = null)
    {
        _file = file;
        _node = node;
        _shape = shape;
        Path = path;
    }

    /// <summary>Where what is asked is noted, when a schema is made: then every section is there, and empty. <c>null</c> when a file is read.</summary>
    public Shape? Shape => _shape;

    public string Path { get; }

    /// <summary>Where files beside this one are; <c>null</c> for text that is no file.</summary>
    public string? Folder => _file.Folder;

    public IEnumerable<string> Keys => _shape is null ? _node.Children.Keys.Select(NameOf) : [Shape.AnyName];

    public static YamlSection? Root(YamlFile file) => file.Root is null ? null : new YamlSection(file, file.Root, "", file.Shape);

    /// <summary>Reports every other key, with the nearest allowed one.</summary>
    public YamlSection Allow(params ReadOnlySpan<string> keys)
    {
        _shape?.Allow(keys);
        foreach (var key in _node.Children.Keys)
        {
            var name = NameOf(key);
            if (!keys.Contains(name))
            {
                var hint = NearestName.Find(name, keys) is { } nearest ? $"Did you mean '{nearest}'? " : "";
                _file.Report(key.Start.Line, KeyPath(name), $"There is no such key. {hint}Allowed: {string.Join(", ", keys.ToArray())}.");
            }
        }
        return this;
    }

    public bool Has(string key) => _shape is not null || Find(key) is not null;

    /// <summary>The value, or <c>null</c> when the key is absent or empty.</summary>
    public YamlNode? Find(string key) =>
        _node.Children.FirstOrDefault(child => NameOf(child.Key) == key).Value is { } value && !IsEmpty(value) ? value : null;

    public void Report(string key, string message)
    {
        var node = _node.Children.Keys.FirstOrDefault(child => NameOf(child) == key) ?? _node;
        _file.Report(node.Start.Line, KeyPath(key), message);
    }

    public void Report(string message) => _file.Report(_node.Start.Line, Path, message);

    /// <summary>What <see cref="Report(string)"/> would report.</summary>
    public AgentProblem Problem(string message) => new(_file.Name, (int)_node.Start.Line, Path, message);

    public YamlSection? Section(string key) => _shape is { } shape ? Noted(key, shape.Map(key)) : Find(key) is { } node ? AsSection(node, KeyPath(key)) : null;

    /// <summary>A map of maps, such as <c>tools</c>; in the order of the file.</summary>
    public IEnumerable<(string Name, YamlSection Section)> Sections(string key)
    {
        if (_shape is { } shape)
        {
            yield return ("example", Noted($"{key}.{Shape.AnyName}", shape.Each(key)));
        }
        foreach (var (name, node) in Children(key))
        {
            if (AsSection(node, $"{KeyPath(key)}.{NameOf(name)}") is { } section)
            {
                yield return (NameOf(name), section);
            }
        }
    }

    /// <summary>A list of maps.</summary>
    public IEnumerable<YamlSection> Items(string key)
    {
        if (_shape is { } shape)
        {
            shape.ItemOf(key).Allow([]);
            yield return Noted($"{key}[]", shape.ItemOf(key));
        }
        var nodes = Nodes(key);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (AsSection(nodes[i], $"{KeyPath(key)}[{i}]") is { } section)
            {
                yield return section;
            }
        }
    }

    /// <summary>The items of a list; none when the key is absent.</summary>
    public IReadOnlyList<YamlNode> Nodes(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode list:
                return [.. list.Children];
            default:
                Report(key, "This must be a list.");
                return [];
        }
    }

    /// <summary>A map of JSON values, such as arguments.</summary>
    public IReadOnlyDictionary<string, JsonElement> Values(string key)
    {
        _shape?.Map(key);
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, node) in Children(key))
        {
            values[NameOf(name)] = Value(node, $"{KeyPath(key)}.{NameOf(name)}");
        }
        return values;
    }

    public JsonElement? Value(string key) => Find(key) is { } node ? Value(node, KeyPath(key)) : null;

    public string KeyPath(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private YamlSection Noted(string key, Shape shape) => new(_file, new YamlMappingNode(), KeyPath(key), shape);

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Children(string key) => Section(key) is { } section ? section._node.Children : [];

    private JsonElement Value(YamlNode node, string path)
    {
        if (YamlJson.FindUnquotedReference(node) is { } reference)
        {
            _file.Report(reference.Start.Line, path, $"A reference must be quoted: \"{{{NameOf(reference)}}}\".");
        }
        return YamlJson.ToElement(node);
    }

    private YamlSection? AsSection(YamlNode node, string path)
    {
        if (node is YamlMappingNode map)
        {
            return new YamlSection(_file, map, path);
        }
        _file.Report(node.Start.Line, path, "This must be a map of keys and values.");
        return null;
    }

    private static string NameOf(YamlNode key) => key is YamlScalarNode scalar ? scalar.Value ?? "" : key.ToString();

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
