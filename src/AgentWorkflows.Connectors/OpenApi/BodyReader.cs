using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>Reads what an operation takes as its body. Pure but for the arguments that it adds.</summary>
internal static class BodyReader
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>
    /// The members of an object are arguments of their own, so that contracts can name them; where they would clash with parameters, or the body may be left out or is no
    /// object with known members, the whole of it is the argument <c>body</c>.
    /// </summary>
    public static ApiBody? Read(IOpenApiRequestBody body, SchemaFlattening flattening, string place, JsonObject properties, List<string> required)
    {
        if (body is OpenApiRequestBodyReference { RecursiveTarget: null } lost)
        {
            throw new NotExpressibleException(place, $"it refers to the body '{lost.Reference.ReferenceV3 ?? lost.Reference.Id}', which is not in the document.");
        }
        if (Choose(body) is not var (mediaType, content))
        {
            return !body.Required && body.Content is not { Count: > 0 } ? null : throw new NotExpressibleException(
                place, $"its body is {string.Join(" or ", body.Content?.Keys ?? [])}. Allowed: JSON and {Form}. Leave the operation out, or write a tool in C#.");
        }
        var isForm = mediaType.StartsWith(Form, StringComparison.OrdinalIgnoreCase);
        var schema = content.Schema is { } described ? flattening.Flatten(described, $"{place}, body") : [];
        var members = schema["properties"] as JsonObject;
        var needed = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToList();
        var names = members?.ToDictionary(member => OperationReader.ArgumentName(member.Key), member => member.Key, StringComparer.Ordinal) is { } unique && unique.Count == members.Count ? unique : null;
        if (names is null || names.Keys.Any(properties.ContainsKey) || (!body.Required && needed.Count > 0) || CanBeNull(schema))
        {
            if (isForm && schema["type"]?.ToJsonString() != "\"object\"" && members is null)
            {
                throw new NotExpressibleException(place, "its form has no members.");
            }
            OperationReader.Add(properties, ApiBody.WholeArgument, schema, place);
            if (body.Required)
            {
                required.Add(ApiBody.WholeArgument);
            }
            return new ApiBody(isForm, mediaType, IsWhole: true, new Dictionary<string, string>()) { Styles = Styles(content) };
        }
        foreach (var (argument, member) in names)
        {
            properties[argument] = members![member]!.DeepClone();
            if (needed.Contains(member))
            {
                required.Add(argument);
            }
        }
        return new ApiBody(isForm, mediaType, IsWhole: false, names) { Styles = Styles(content) };
    }

    private static (string MediaType, IOpenApiMediaType Content)? Choose(IOpenApiRequestBody body)
    {
        var offered = body.Content ?? new Dictionary<string, IOpenApiMediaType>();
        foreach (var fits in new Func<string, bool>[] { IsJson, type => type == Form, type => type == "*/*" })
        {
            foreach (var (type, content) in offered)
            {
                var plain = type.Split(';')[0].Trim().ToLowerInvariant();
                if (fits(plain))
                {
                    return (plain == "*/*" ? "application/json" : plain, content);
                }
            }
        }
        return null;
    }

    private static Dictionary<string, ParameterStyle> Styles(IOpenApiMediaType content) =>
        (content.Encoding ?? new Dictionary<string, OpenApiEncoding>()).Where(encoding => encoding.Value.Style is not null)
            .ToDictionary(encoding => encoding.Key, encoding => encoding.Value.Style!.Value, StringComparer.Ordinal);

    private static bool IsJson(string type) => type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal);

    private static bool CanBeNull(JsonObject schema) => schema["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null");
}
