using System.Text.Json.Nodes;

namespace AgentWorkflows.Agents.Schema;

/// <summary>What a reader asked of one place in a file, noted while it reads a file in which everything is there. Becomes a JSON schema.</summary>
internal sealed class Shape
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, Shape> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _required = new(StringComparer.Ordinal);
    private JsonObject? _value;
    private Shape? _each;
    private Shape? _items;
    private bool _isMap;
    private bool _isText;
    private bool _isClosed;

    /// <summary>The names of a map that people choose, such as those of tools.</summary>
    public const string AnyName = "*";

    public IEnumerable<(string Name, Shape Shape)> Members => _order.Select(name => (name, _members[name])).Concat(_each is { } each ? [(AnyName, each)] : []);

    public Shape? Item => _items;

    public bool IsMap => _isMap;

    /// <summary>Notes the keys a map may have; all others are wrong.</summary>
    public void Allow(ReadOnlySpan<string> keys)
    {
        _isMap = _isClosed = true;
        foreach (var key in keys)
        {
            Member(key);
        }
    }

    public void Require(string key) => _required.Add(key);

    public Shape Map(string key)
    {
        var member = Member(key);
        member._isMap = true;
        return member;
    }

    public Shape Each(string key)
    {
        var map = Map(key);
        map._each ??= new Shape();
        map._each._isMap = true;
        return map._each;
    }

    public Shape ItemOf(string key)
    {
        var list = Member(key);
        list._items ??= new Shape();
        return list._items;
    }

    /// <summary>Notes a value, or the items of a list of values. Text gives way to anything more exact, whichever is asked first.</summary>
    public void Value(string key, JsonObject schema, bool isText = false)
    {
        var member = Member(key);
        var at = member._items ?? member;
        if (!at._isMap && (at._value is null || (at._isText && !isText)))
        {
            (at._value, at._isText) = (schema, isText);
        }
    }

    public JsonObject ToSchema(string path, Func<string, string?> describe)
    {
        var schema = _items is { } items ? new JsonObject { ["type"] = "array", ["items"] = items.ToSchema(path + "[]", describe) }
            : _isMap ? MapSchema(path, describe)
            : (JsonObject?)_value?.DeepClone() ?? [];
        // Draft 7 has no way to bound a duration, so its range is told.
        var range = schema["$comment"]?.GetValue<string>();
        schema.Remove("$comment");
        if ((describe(path), range) is not (null, null))
        {
            schema.Insert(0, "description", string.Join(' ', new[] { describe(path), range }.OfType<string>()));
        }
        return schema;
    }

    private JsonObject MapSchema(string path, Func<string, string?> describe)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (_order.Count > 0)
        {
            schema["properties"] = new JsonObject(_order.Select(name =>
                KeyValuePair.Create(name, (JsonNode?)_members[name].ToSchema(path.Length == 0 ? name : $"{path}.{name}", describe))));
        }
        if (_required.Count > 0)
        {
            schema["required"] = new JsonArray([.. _order.Where(_required.Contains).Select(name => JsonValue.Create(name))]);
        }
        if (_each is { } each)
        {
            schema["additionalProperties"] = each.ToSchema($"{path}.{AnyName}", describe);
        }
        else if (_isClosed)
        {
            schema["additionalProperties"] = false;
        }
        return schema;
    }

    private Shape Member(string key)
    {
        if (key == AnyName)
        {
            _isMap = true;
            return _each ??= new Shape();
        }
        if (!_members.TryGetValue(key, out var member))
        {
            _order.Add(key);
            _members[key] = member = new Shape();
        }
        return member;
    }
}
