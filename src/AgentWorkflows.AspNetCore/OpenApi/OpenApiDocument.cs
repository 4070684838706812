using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>The API's description, made from its route table. Pages for people are not part of it.</summary>
internal static partial class OpenApiDocument
{
    private static readonly string[] Roots = ["api/", "execute", "health/", "openapi/"];

    private static readonly Lazy<byte[]> Written = new(() => JsonSerializer.SerializeToUtf8Bytes(Of(ApiRoutes.All), ApiJson.Options));

    /// <summary>As served.</summary>
    public static byte[] Bytes => Written.Value;

    /// <summary>All descriptions, by the route's name.</summary>
    public static IReadOnlyDictionary<string, RouteDoc> Docs { get; } =
        SessionDocs.All.Concat(OperationDocs.All).Concat(ReportDocs.All).ToDictionary(StringComparer.Ordinal);

    public static RouteDoc? DocOf(ApiRoute route) => Docs.GetValueOrDefault(route.Name);

    /// <summary>True for what programs call; false for pages and their files.</summary>
    public static bool Describes(ApiRoute route) => Roots.Any(root => route.Pattern.StartsWith(root, StringComparison.Ordinal));

    public static JsonObject Of(IReadOnlyList<ApiRoute> routes)
    {
        var schemas = new TypeSchemas();
        var paths = new JsonObject();
        foreach (var route in routes.Where(Describes))
        {
            var path = "/" + route.Pattern;
            if (paths[path] is not JsonObject item)
            {
                paths[path] = item = [];
            }
            item[route.Method.ToLowerInvariant()] = Operation(route, DocOf(route) ?? new RouteDoc(Words(route.Name), []), schemas);
        }
        schemas.Add("Problem", ProblemSchemas.Problem);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = Info(),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "This host." }),
            ["tags"] = Tags(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Components(), ["securitySchemes"] = SecuritySchemes() },
        };
    }

    private static JsonObject Info() => new()
    {
        ["title"] = "AgentWorkflows",
        ["version"] = (typeof(OpenApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0],
        ["summary"] = "Durable sessions of AI agents: plans, approvals, costs, compensations.",
        ["description"] = "Amounts are US dollars with six decimals, times are UTC. Absent values are null. Errors are RFC 9457 problem details with a stable code. "
            + $"Bodies are JSON of at most {RequestBody.MaxBytes / 1024} KiB; unknown members are refused. Without configured API keys a host answers to its own machine only, without a key.",
    };

    private static JsonArray Tags() =>
    [
        Tag("Sessions", "Start, follow and steer."), Tag("Approvals", "What people decide."), Tag("Agents", "What can be started, and what it can do."),
        Tag("Operations", "For who runs the host."), Tag("Health", "For probes."),
    ];

    private static JsonObject Tag(string name, string description) => new() { ["name"] = name, ["description"] = description };

    private static JsonObject SecuritySchemes() => new()
    {
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, as Authorization: Bearer KEY." },
        ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key", ["description"] = "The same key." },
    };

    private static JsonObject Operation(ApiRoute route, RouteDoc doc, TypeSchemas schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = char.ToLowerInvariant(route.Name[0]) + route.Name[1..],
            ["tags"] = new JsonArray(TagOf(route)),
            ["summary"] = doc.Summary,
        };
        var roles = RolesOf(route);
        var description = string.Join(' ', new[] { doc.Description, roles.Count > 0 ? $"Needs a key with {(roles.Count == 1 ? "the role" : "one of the roles")} {string.Join(", ", roles)}." : null }
            .OfType<string>());
        if (description.Length > 0)
        {
            operation["description"] = description;
        }
        if (Parameters(route, doc) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }
        if (doc.Body is { } body)
        {
            operation["requestBody"] = Body(body, schemas);
        }
        operation["responses"] = ResponseDocs.Of(route, doc, schemas);
        operation["security"] = roles.Count > 0 ? new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }) : [];
        return operation;
    }

    private static JsonArray Parameters(ApiRoute route, RouteDoc doc)
    {
        var parameters = new JsonArray();
        foreach (Match match in PathParameter().Matches(route.Pattern))
        {
            var name = match.Groups["name"].Value;
            parameters.Add(new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } });
        }
        foreach (var query in doc.Query)
        {
            parameters.Add(new JsonObject { ["name"] = query.Name, ["in"] = "query", ["description"] = query.Description, ["schema"] = query.Schema.DeepClone() });
        }
        return parameters;
    }

    private static JsonObject Body(BodyDoc body, TypeSchemas schemas)
    {
        schemas.Add(body.Name, body.Schema.DeepClone());
        return new JsonObject
        {
            ["required"] = !body.Optional,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = TypeSchemas.Reference(body.Name), ["example"] = JsonNode.Parse(body.Example) },
            },
        };
    }

    private static IReadOnlyList<string> RolesOf(ApiRoute route) =>
        [.. Enum.GetValues<ApiRoles>().Where(role => role != ApiRoles.None && route.Roles.HasFlag(role)).Select(role => role.ToString().ToLowerInvariant())];

    private static string TagOf(ApiRoute route) => route.Pattern.Split('/') switch
    {
        ["execute"] or ["api", "sessions", ..] => "Sessions",
        ["api", "approvals", ..] => "Approvals",
        ["api", "agents" or "tools", ..] => "Agents",
        ["health", ..] => "Health",
        _ => "Operations",
    };

    private static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")) + ".";

    [GeneratedRegex(@"\{\*{0,2}(?<name>[A-Za-z]+)[^}]*\}")]
    private static partial Regex PathParameter();
}
