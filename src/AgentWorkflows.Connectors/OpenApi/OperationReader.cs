using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>Turns an operation of a document into what a tool needs. Pure.</summary>
/// <param name="hidden">Headers, query parameters and cookies that the host itself sends: credentials, fixed headers, the idempotency key. The model does not see them.</param>
internal sealed partial class OperationReader(IReadOnlySet<string> hidden)
{
    private const int MaxDescription = 2000;

    /// <summary>OpenAPI says that parameters of these names are ignored.</summary>
    private static readonly HashSet<string> Ignored = new(["Accept", "Content-Type", "Authorization"], StringComparer.OrdinalIgnoreCase);

    public static string NameOf(string path, HttpMethod method, OpenApiOperation operation) =>
        string.IsNullOrWhiteSpace(operation.OperationId) ? $"{method.Method.ToLowerInvariant()} {path}" : operation.OperationId.Trim();

    /// <exception cref="NotExpressibleException">No tool can be made of it; says which operation and where.</exception>
    public ApiOperation Read(string path, HttpMethod method, OpenApiOperation operation, IOpenApiPathItem item)
    {
        var name = NameOf(path, method, operation);
        var place = $"operation '{name}' ({method.Method} {path})";
        var flattening = new SchemaFlattening();
        var properties = new JsonObject();
        var required = new List<string>();
        var parameters = new List<ApiParameter>();
        foreach (var parameter in Parameters(operation, item))
        {
            if (Read(parameter, place) is { } read)
            {
                Add(properties, read.Argument, Schema(parameter, flattening, $"{place}, parameter '{read.Name}'"), place);
                parameters.Add(read);
                if (parameter.Required || read.In == ParameterLocation.Path)
                {
                    required.Add(read.Argument);
                }
            }
        }
        foreach (Match template in PathName().Matches(path))
        {
            if (parameters.All(parameter => parameter.In != ParameterLocation.Path || parameter.Name != template.Groups[1].Value))
            {
                throw new NotExpressibleException(place, $"its path has '{{{template.Groups[1].Value}}}', but there is no such path parameter. Add it to the document.");
            }
        }
        var body = operation.RequestBody is { } content ? BodyReader.Read(content, flattening, place, properties, required) : null;
        return new ApiOperation(name, method, path, Describe(operation, item), parameters, body, new JsonObject
        {
            ["type"] = "object",
            // So that a change of where it goes is a change of what was reviewed.
            ["$comment"] = $"{method.Method} {path}",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required.Distinct(StringComparer.Ordinal).Select(argument => JsonValue.Create(argument))]),
            ["additionalProperties"] = false,
        });
    }

    /// <summary>A name that every model provider takes as an argument's.</summary>
    public static string ArgumentName(string name)
    {
        var plain = NotInNames().Replace(name, "_").Trim('_');
        return plain.Length == 0 ? "value" : plain.Length <= 64 ? plain : plain[..64];
    }

    internal static void Add(JsonObject properties, string argument, JsonObject schema, string place)
    {
        if (properties.ContainsKey(argument))
        {
            throw new NotExpressibleException(place, $"two of its parameters would both be the argument '{argument}'. Rename one in the document, or leave the operation out.");
        }
        properties[argument] = schema;
    }

    /// <summary>What stands at the path holds for all its operations, unless one says it anew.</summary>
    private static IEnumerable<IOpenApiParameter> Parameters(OpenApiOperation operation, IOpenApiPathItem item)
    {
        var own = operation.Parameters ?? [];
        return [.. (item.Parameters ?? []).Where(general => own.All(parameter => parameter.Name != general.Name || parameter.In != general.In)), .. own];
    }

    /// <summary><c>null</c>: the model does not give it.</summary>
    private ApiParameter? Read(IOpenApiParameter parameter, string place)
    {
        if (parameter is OpenApiParameterReference { RecursiveTarget: null } lost)
        {
            throw new NotExpressibleException(place, $"it refers to the parameter '{lost.Reference.ReferenceV3 ?? lost.Reference.Id}', which is not in the document.");
        }
        if (parameter is not { Name: { } name, In: { } at })
        {
            throw new NotExpressibleException(place, "one of its parameters has no name or no place.");
        }
        if (hidden.Contains(name) || (at == ParameterLocation.Header && Ignored.Contains(name)))
        {
            return null;
        }
        if (at is not (ParameterLocation.Path or ParameterLocation.Query or ParameterLocation.Header))
        {
            return !parameter.Required ? null : throw new NotExpressibleException(
                place, $"parameter '{name}' is required in a {at.ToString().ToLowerInvariant()}, which tools do not send. Give it in 'headers' or 'auth', or leave the operation out.");
        }
        var style = parameter.Style ?? (at == ParameterLocation.Query ? ParameterStyle.Form : ParameterStyle.Simple);
        var fits = at switch
        {
            ParameterLocation.Query => style is ParameterStyle.Form or ParameterStyle.SpaceDelimited or ParameterStyle.PipeDelimited or ParameterStyle.DeepObject,
            ParameterLocation.Path => style is ParameterStyle.Simple or ParameterStyle.Label or ParameterStyle.Matrix,
            _ => style == ParameterStyle.Simple,
        };
        return fits
            ? new ApiParameter(ArgumentName(name), name, at, style, parameter.Explode, parameter.Schema is null && parameter.Content is { Count: > 0 })
            : throw new NotExpressibleException(place, $"parameter '{name}' has the style '{style}', which there is not in a {at.ToString().ToLowerInvariant()}.");
    }

    private static JsonObject Schema(IOpenApiParameter parameter, SchemaFlattening flattening, string place)
    {
        var flat = (parameter.Schema ?? parameter.Content?.Values.FirstOrDefault()?.Schema) is { } schema ? flattening.Flatten(schema, place) : new JsonObject { ["type"] = "string" };
        if (!string.IsNullOrWhiteSpace(parameter.Description))
        {
            flat["description"] = parameter.Description.Length <= 400 ? parameter.Description.Trim() : parameter.Description[..400] + "…";
        }
        return flat;
    }

    private static string Describe(OpenApiOperation operation, IOpenApiPathItem item)
    {
        var texts = new[] { operation.Summary, operation.Description, operation.Summary is null && operation.Description is null ? item.Summary : null, operation.Deprecated ? "Deprecated." : null };
        var text = string.Join("\n", texts.Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => text!.Trim()).Distinct());
        return text.Length <= MaxDescription ? text : text[..MaxDescription] + "…";
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathName();

    [GeneratedRegex(@"[^A-Za-z0-9_-]+")]
    private static partial Regex NotInNames();
}
