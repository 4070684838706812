using System.Text.Json.Nodes;

namespace AgentWorkflows.AspNetCore.OpenApi;

internal static class ProblemSchemas
{
    public static JsonObject Problem => new()
    {
        ["type"] = "object",
        ["description"] = "RFC 9457 problem details. Programs branch on code; detail is for people and may change. Some problems carry further members.",
        ["required"] = new JsonArray("type", "title", "status", "code", "detail"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["format"] = "uri" },
            ["title"] = new JsonObject { ["type"] = "string" },
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["code"] = new JsonObject { ["type"] = "string" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["errors"] = new JsonObject
            {
                ["type"] = "array",
                ["maxItems"] = 100,
                ["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("code", "path", "message"),
                    ["properties"] = new JsonObject
                    {
                        ["code"] = new JsonObject { ["type"] = "string" },
                        ["path"] = new JsonObject { ["type"] = "string", ["description"] = "JSON path, or ?name of a query parameter." },
                        ["message"] = new JsonObject { ["type"] = "string" },
                    },
                },
            },
            ["traceId"] = new JsonObject { ["type"] = "string" },
        },
    };
}
