using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>Everything a route can answer: its own answers and problems, and the problems of the pipeline before it.</summary>
internal static class ResponseDocs
{
    private static readonly ProblemDoc[] OfEveryRoute =
    [
        new(403, "origin_not_allowed", "Without API keys: a page of another origin asks."),
        new(421, "host_not_allowed", "Without API keys: asked under another name than localhost."),
        new(500, "internal_error", "Something went wrong here; the log has it under traceId."),
    ];

    private static readonly ProblemDoc[] WithRoles =
    [
        new(401, "unauthorized", "No valid API key."),
        new(403, "forbidden", "The key has none of the roles."),
    ];

    private static readonly ProblemDoc[] WithBody =
    [
        new(400, "invalid_request", "Members are missing, unknown or wrong; errors has each with its path."),
        new(400, "malformed_json", "Not JSON, or nested too deep."),
        new(413, "body_too_large", "More than 64 KiB."),
        new(415, "unsupported_media_type", "Not application/json in UTF-8."),
    ];

    private static readonly ProblemDoc InvalidQuery = new(400, "invalid_request", "A query parameter is wrong; errors names it.");

    public static JsonObject Of(ApiRoute route, RouteDoc doc, TypeSchemas schemas)
    {
        var responses = new SortedDictionary<int, JsonObject>();
        foreach (var answer in doc.Answers)
        {
            responses[answer.Status] = Answer(answer, schemas);
        }
        foreach (var problems in Problems(route, doc).GroupBy(problem => problem.Status).Where(problems => !responses.ContainsKey(problems.Key)))
        {
            responses[problems.Key] = Problem(problems.Key, [.. problems.DistinctBy(problem => problem.Code)]);
        }
        return new JsonObject(responses.Select(pair => KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)pair.Value)));
    }

    public static IEnumerable<ProblemDoc> Problems(ApiRoute route, RouteDoc doc)
    {
        IEnumerable<ProblemDoc> problems = doc.Problems;
        problems = doc.Body is null ? problems : problems.Concat(WithBody);
        problems = doc.Query.Count == 0 ? problems : problems.Append(InvalidQuery);
        problems = route.Roles == ApiRoles.None ? problems : problems.Concat(WithRoles);
        return problems.Concat(OfEveryRoute);
    }

    private static JsonObject Answer(AnswerDoc answer, TypeSchemas schemas)
    {
        var response = new JsonObject { ["description"] = answer.Description };
        if (answer.Headers.Count > 0)
        {
            response["headers"] = new JsonObject(answer.Headers.Select(header => KeyValuePair.Create(
                header.Key, (JsonNode?)new JsonObject { ["description"] = header.Value, ["schema"] = new JsonObject { ["type"] = "string" } })));
        }
        if (answer.Example is { } example)
        {
            response["content"] = new JsonObject
            {
                [answer.MediaType] = new JsonObject
                {
                    ["schema"] = example is string ? new JsonObject { ["type"] = "string" } : schemas.Reference(example.GetType()),
                    ["example"] = JsonSerializer.SerializeToNode(example, example.GetType(), ApiJson.Options),
                },
            };
        }
        return response;
    }

    private static JsonObject Problem(int status, IReadOnlyList<ProblemDoc> problems) => new()
    {
        ["description"] = string.Join(" ", problems.Select(problem => $"`{problem.Code}`: {problem.When}")),
        ["content"] = new JsonObject
        {
            ["application/problem+json"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["allOf"] = new JsonArray(TypeSchemas.Reference("Problem"), new JsonObject
                    {
                        ["properties"] = new JsonObject { ["code"] = RequestSchemas.Choice(problems.Select(problem => problem.Code)) },
                    }),
                },
                ["examples"] = new JsonObject(problems.Select(problem => KeyValuePair.Create(problem.Code, (JsonNode?)new JsonObject
                {
                    ["value"] = new JsonObject
                    {
                        ["type"] = $"urn:agentworkflows:problem:{problem.Code}",
                        ["title"] = ReasonPhrases.GetReasonPhrase(status),
                        ["status"] = status,
                        ["code"] = problem.Code,
                        ["detail"] = problem.When,
                    },
                }))),
            },
        },
    };
}
