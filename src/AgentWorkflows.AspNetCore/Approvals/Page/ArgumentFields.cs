using System.Text.Json;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Approvals.Page;

/// <summary>How one argument is edited.</summary>
/// <param name="Shown">What stands in the field; empty when the call leaves the argument out.</param>
internal sealed record ArgumentField(string Name, ArgumentKind Kind, string Shown, string Hint, bool Required)
{
    public string InputName => "arg." + Name;

    /// <summary>Values of a <see cref="ArgumentKind.Choice"/>, as JSON.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

internal enum ArgumentKind
{
    Text,
    Number,
    Choice,
    Json,
}

/// <summary>Turns arguments into form fields by their schema, and a submitted form back into arguments. Pure.</summary>
internal static class ArgumentFields
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<ArgumentField> Of(JsonElement schema, JsonElement arguments)
    {
        var fields = new List<ArgumentField>();
        var required = schema.TryGetProperty("required", out var listed) ? listed.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                fields.Add(FieldOf(property.Name, property.Value, arguments, required.Contains(property.Name)));
            }
        }
        return fields;
    }

    /// <summary>As people read it: text as it is, everything else as JSON.</summary>
    public static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object or JsonValueKind.Array => JsonSerializer.Serialize(value, Indented),
        _ => value.GetRawText(),
    };

    /// <summary>The arguments a form stands for. A field that was not touched, or not sent, keeps its value to the byte.</summary>
    public static JsonElement Read(
        IReadOnlyList<ArgumentField> fields, JsonElement arguments, Func<string, string?> form, List<RequestProblem> problems)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                var submitted = form(field.InputName) is { } text ? Lines(text) : null;
                if (submitted is null || submitted == Lines(field.Shown))
                {
                    if (arguments.TryGetProperty(field.Name, out var kept))
                    {
                        writer.WritePropertyName(field.Name);
                        writer.WriteRawValue(kept.GetRawText());
                    }
                }
                else if (submitted.Length > 0 || (field.Required && field.Kind == ArgumentKind.Text))
                {
                    Write(writer, field, submitted, problems);
                }
            }
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, ArgumentField field, string submitted, List<RequestProblem> problems)
    {
        if (field.Kind == ArgumentKind.Text)
        {
            writer.WriteString(field.Name, submitted);
            return;
        }
        try
        {
            var value = JsonElement.Parse(submitted.Trim(), new JsonDocumentOptions { MaxDepth = 32 });
            if (field.Kind != ArgumentKind.Number || value.ValueKind == JsonValueKind.Number)
            {
                writer.WritePropertyName(field.Name);
                writer.WriteRawValue(value.GetRawText());
                return;
            }
        }
        catch (JsonException)
        {
            // Told below, in the words of a form.
        }
        problems.Add(new RequestProblem("invalid_value", $"$.{field.Name}", field.Kind == ArgumentKind.Number ? "This must be a number." : "This must be JSON."));
    }

    private static ArgumentField FieldOf(string name, JsonElement schema, JsonElement arguments, bool required)
    {
        var shown = arguments.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.Null ? "" : Show(value) : "";
        var hint = schema.TryGetProperty("description", out var description) && description.ValueKind == JsonValueKind.String ? description.GetString()! : "";
        if (schema.TryGetProperty("enum", out var allowed))
        {
            var texts = allowed.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null).ToList();
            return new ArgumentField(name, ArgumentKind.Choice, value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "" : value.GetRawText(), hint, required)
            {
                Choices = [.. texts.Select(item => item.GetRawText())],
            };
        }
        var kind = TypeOf(schema) switch
        {
            "string" => ArgumentKind.Text,
            "number" or "integer" => ArgumentKind.Number,
            "boolean" => ArgumentKind.Choice,
            _ => ArgumentKind.Json,
        };
        var field = new ArgumentField(name, kind, kind == ArgumentKind.Json && value.ValueKind == JsonValueKind.String ? value.GetRawText() : shown, hint, required);
        return kind == ArgumentKind.Choice ? field with { Choices = ["true", "false"] } : field;
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return null;
        }
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(item => item.GetString()).Where(item => item != "null").ToList() is [var only] ? only : null
            : type.GetString();
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");
}
