using System.Text.Json;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Bodies;

/// <summary>
/// Reads one JSON object strictly and collects every problem with its JSON path, instead of stopping at the first.
/// Each member is read by name; <see cref="Finish"/> then reports the members nobody asked for.
/// </summary>
internal sealed class BodyReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _path;
    private readonly List<RequestProblem> _problems;

    /// <param name="value">An object; <see cref="Root"/> and <see cref="Object"/> check that.</param>
    private BodyReader(JsonElement value, string path, List<RequestProblem> problems)
    {
        _path = path;
        _problems = problems;
        foreach (var member in value.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    /// <returns><c>null</c> when the body is not an object, or has text no string can hold.</returns>
    public static BodyReader? Root(JsonElement body, List<RequestProblem> problems)
    {
        if (!JsonCheck.Text(body, "$", problems))
        {
            return null;
        }
        if (body.ValueKind == JsonValueKind.Object)
        {
            return new BodyReader(body, "$", problems);
        }
        problems.Add(new RequestProblem("wrong_type", "$", $"The body must be an object, not {JsonCheck.Describe(body)}."));
        return null;
    }

    public string? RequiredText(string name, int maxLength) => Text(name, maxLength, required: true);

    public string? OptionalText(string name, int maxLength) => Text(name, maxLength, required: false);

    public JsonElement? RequiredObject(string name) => AnyObject(name, required: true);

    public JsonElement? OptionalObject(string name) => AnyObject(name, required: false);

    /// <summary>A nested object with members of its own to read; <c>null</c> when absent or not an object.</summary>
    public BodyReader? Object(string name) =>
        AnyObject(name, required: false) is { } value ? new BodyReader(value, JsonCheck.Child(_path, name), _problems) : null;

    public T? RequiredChoice<T>(string name, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (RequiredText(name, maxLength: 100) is not { } text)
        {
            return null;
        }
        if (choices.TryGetValue(text, out var value))
        {
            return value;
        }
        Add("invalid_value", name, $"Must be one of {string.Join(", ", choices.Keys)}.");
        return null;
    }

    public bool? OptionalBoolean(string name)
    {
        if (Take(name, required: false) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }
        WrongType(name, "true or false", value);
        return null;
    }

    public int? RequiredInt32(string name) => Int32(name, required: true);

    public int? OptionalInt32(string name) => Int32(name, required: false);

    private int? Int32(string name, bool required)
    {
        if (Take(name, required) is not { } value)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Number)
        {
            WrongType(name, "a whole number", value);
            return null;
        }
        if (value.TryGetInt32(out var number))
        {
            return number;
        }
        Add("invalid_value", name, $"Must be a whole number from {int.MinValue} to {int.MaxValue}, not {JsonCheck.Cut(value.GetRawText())}.");
        return null;
    }

    public decimal? OptionalDecimal(string name)
    {
        if (Take(name, required: false) is not { } value)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Number)
        {
            WrongType(name, "a number", value);
            return null;
        }
        if (value.TryGetDecimal(out var number))
        {
            return number;
        }
        Add("invalid_value", name, "The number is out of range.");
        return null;
    }

    /// <summary>Reports a problem found by the caller, such as one that depends on two members.</summary>
    public void Add(string code, string name, string message) => _problems.Add(new RequestProblem(code, JsonCheck.Child(_path, name), message));

    public void Finish()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name, StringComparer.Ordinal)))
        {
            Add("unknown_field", name, $"There is no such field here. Known fields: {string.Join(", ", _known)}.");
        }
    }

    private string? Text(string name, int maxLength, bool required)
    {
        if (Take(name, required) is not { } value)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(name, "a string", value);
            return null;
        }
        var text = value.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
        {
            Add("empty_value", name, "Must not be empty.");
            return null;
        }
        if (text.Length > maxLength)
        {
            Add("too_long", name, $"Must be at most {maxLength:N0} characters; it has {text.Length:N0}.");
            return null;
        }
        return text;
    }

    private JsonElement? AnyObject(string name, bool required)
    {
        if (Take(name, required) is not { } value)
        {
            return null;
        }
        if (value.ValueKind == JsonValueKind.Object)
        {
            return value;
        }
        WrongType(name, "an object", value);
        return null;
    }

    /// <summary>An optional member may be given as <c>null</c>; a required one may not.</summary>
    private JsonElement? Take(string name, bool required)
    {
        _known.Add(name);
        if (!_members.TryGetValue(name, out var value))
        {
            if (required)
            {
                Add("missing_field", name, "This field is required.");
            }
            return null;
        }
        if (value.ValueKind != JsonValueKind.Null || required)
        {
            return value;
        }
        return null;
    }

    private void WrongType(string name, string expected, JsonElement value) =>
        Add("wrong_type", name, $"Must be {expected}, not {JsonCheck.Describe(value)}.");
}
