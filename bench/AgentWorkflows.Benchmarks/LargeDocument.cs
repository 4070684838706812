using System.Text.Json.Nodes;

namespace AgentWorkflows.Benchmarks;

/// <summary>OpenAPI documents of the size and the shape of well-known ones, written here: 500 operations over schemas that refer to each other, to themselves too.</summary>
internal static class LargeDocument
{
    private const int Operations = 500;
    private const int Schemas = 300;

    /// <summary>Like a repository host's: JSON bodies, <c>allOf</c>, nullable, many path and query parameters.</summary>
    public static byte[] OfRepositories() => Write("3.1.0", isForm: false);

    /// <summary>Like a payment provider's: form bodies, <c>anyOf</c> of an id or an object, nested <c>metadata</c>.</summary>
    public static byte[] OfPayments() => Write("3.0.3", isForm: true);

    private static byte[] Write(string version, bool isForm)
    {
        var paths = new JsonObject();
        for (var i = 0; i < Operations / 2; i++)
        {
            paths[$"/things/{{owner}}/kind_{i}/{{thing_id}}"] = new JsonObject { ["get"] = Get(i), ["post"] = Post(i, isForm) };
        }
        var schemas = new JsonObject();
        for (var i = 0; i < Schemas; i++)
        {
            schemas[$"Thing{i}"] = Schema(i, version == "3.1.0");
        }
        var document = new JsonObject
        {
            ["openapi"] = version,
            ["info"] = new JsonObject { ["title"] = "Large", ["version"] = "1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "https://api.example.com/v1" }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Get(int i) => new()
    {
        ["operationId"] = $"things/get-kind-{i}",
        ["tags"] = new JsonArray($"tag{i % 20}"),
        ["summary"] = $"Reads a thing of kind {i}.",
        ["description"] = new string('d', 400),
        ["parameters"] = new JsonArray(Path("owner"), Path("thing_id"), Query("per_page", "integer"), Query("page", "integer"), Query("sort", "string")),
        ["responses"] = Responses(i),
    };

    private static JsonObject Post(int i, bool isForm) => new()
    {
        ["operationId"] = $"things/create-kind-{i}",
        ["tags"] = new JsonArray($"tag{i % 20}"),
        ["summary"] = $"Writes a thing of kind {i}.",
        ["parameters"] = new JsonArray(Path("owner"), Path("thing_id")),
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { [isForm ? "application/x-www-form-urlencoded" : "application/json"] = new JsonObject { ["schema"] = Ref(i % Schemas) } },
        },
        ["responses"] = Responses(i),
    };

    private static JsonObject Schema(int i, bool isNewer) => new()
    {
        ["allOf"] = new JsonArray(
            new JsonObject { ["type"] = "object", ["required"] = new JsonArray("name"), ["properties"] = new JsonObject { ["name"] = new JsonObject { ["type"] = "string", ["maxLength"] = 200 } } },
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["state"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("open", "closed", "all"), ["description"] = "Which it is in." },
                    ["note"] = isNewer ? new JsonObject { ["type"] = new JsonArray("string", "null") } : new JsonObject { ["type"] = "string", ["nullable"] = true },
                    ["count"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["format"] = "int64" },
                    ["metadata"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
                    ["parent"] = Ref(i),
                    ["next"] = Ref((i + 1) % Schemas),
                    ["others"] = new JsonObject { ["type"] = "array", ["items"] = Ref((i * 7 + 3) % Schemas) },
                    ["owner"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["maxLength"] = 5000 }, Ref((i * 3 + 1) % Schemas)) },
                },
            }),
    };

    private static JsonObject Responses(int i) => new()
    {
        ["200"] = new JsonObject { ["description"] = "OK", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Ref(i % Schemas) } } },
    };

    private static JsonObject Ref(int i) => new() { ["$ref"] = $"#/components/schemas/Thing{i}" };

    private static JsonObject Path(string name) => new() { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Query(string name, string type) => new() { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = type } };
}
