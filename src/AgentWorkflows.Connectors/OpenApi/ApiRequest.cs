using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Connectors.Http;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>A call's arguments as a request. Pure.</summary>
internal static class ApiRequest
{
    /// <param name="server">The path of the operation is put behind its own.</param>
    /// <exception cref="UnfitValueException">An argument cannot be written where it belongs.</exception>
    public static OutsideRequest Of(ApiOperation operation, Uri server, JsonElement arguments)
    {
        var path = operation.Path;
        var query = new List<string>();
        var headers = new List<(string, string)>();
        foreach (var parameter in operation.Parameters)
        {
            if (!arguments.TryGetProperty(parameter.Argument, out var value))
            {
                continue;
            }
            switch (parameter.In)
            {
                case ParameterLocation.Path:
                    path = path.Replace($"{{{parameter.Name}}}", ParameterText.Path(parameter, value), StringComparison.Ordinal);
                    break;
                case ParameterLocation.Query:
                    query.AddRange(ParameterText.Query(parameter, value));
                    break;
                default:
                    headers.Add((parameter.Name, ParameterText.Header(parameter, value)));
                    break;
            }
        }
        // Two arguments of one segment could be dots together.
        if (path.Split('/').Any(segment => segment is "." or ".."))
        {
            throw new UnfitValueException("path", "would mean another path");
        }
        var body = operation.Body is { } described ? Body(described, arguments) : null;
        return new OutsideRequest(operation.Method, Address(server, path, query)) { Headers = headers, Body = body, ContentType = body is null ? null : operation.Body!.MediaType };
    }

    private static Uri Address(Uri server, string path, List<string> query)
    {
        var text = new StringBuilder(server.GetLeftPart(UriPartial.Path).TrimEnd('/')).Append('/').Append(path.TrimStart('/'));
        return new Uri(query.Count == 0 ? text.ToString() : text.Append('?').AppendJoin('&', query).ToString());
    }

    private static byte[]? Body(ApiBody body, JsonElement arguments)
    {
        JsonElement? whole = body.IsWhole ? arguments.TryGetProperty(ApiBody.WholeArgument, out var given) ? given : null : Members(body, arguments);
        return whole is not { } value ? null : Encoding.UTF8.GetBytes(body.IsForm ? Form(body, value) : value.GetRawText());
    }

    private static JsonElement Members(ApiBody body, JsonElement arguments)
    {
        var members = new JsonObject();
        foreach (var (argument, member) in body.Members)
        {
            if (arguments.TryGetProperty(argument, out var value))
            {
                members[member] = JsonNode.Parse(value.GetRawText());
            }
        }
        return JsonSerializer.SerializeToElement(members);
    }

    private static string Form(ApiBody body, JsonElement value) => string.Join('&', value.EnumerateObject().SelectMany(member =>
    {
        var style = body.Styles.TryGetValue(member.Name, out var said) ? said : member.Value.ValueKind == JsonValueKind.Object ? ParameterStyle.DeepObject : ParameterStyle.Form;
        return ParameterText.Query(new ApiParameter(member.Name, member.Name, ParameterLocation.Query, style, Explode: true, IsJson: false), member.Value);
    }));
}
