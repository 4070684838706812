using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.AspNetCore.OpenApi;
using AgentWorkflows.AspNetCore.Routing;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The API's description against the route table, the readers of bodies and what a running server answers.</summary>
public sealed partial class OpenApiTests
{
    private const int Timeout = 60_000;

    private static readonly JsonElement Document = JsonElement.Parse(OpenApiDocument.Bytes);
    private static readonly SchemaCheck Schemas = new(Document);

    [Fact]
    public void Every_route_for_programs_is_described_and_every_description_has_its_route()
    {
        var undescribed = ApiRoutes.All.Where(OpenApiDocument.Describes).Where(route => OpenApiDocument.DocOf(route) is null).Select(route => route.Name);
        var unrouted = OpenApiDocument.Docs.Keys.Except(ApiRoutes.All.Select(route => route.Name));

        Assert.True(!undescribed.Any(), $"Describe in SessionDocs, OperationDocs or ReportDocs: {string.Join(", ", undescribed)}");
        Assert.Empty(unrouted);
        Assert.Equal(
            ApiRoutes.All.Where(OpenApiDocument.Describes).Select(route => $"{route.Method} /{route.Pattern}").Order(),
            Operations().Select(operation => $"{operation.Method} {operation.Path}").Order());
    }

    [Fact]
    public void Every_reference_points_at_a_schema_and_every_schema_is_used()
    {
        var references = Reference().Matches(Document.GetRawText()).Select(match => match.Groups["name"].Value).ToHashSet();
        var schemas = Document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();

        Assert.Equal(schemas.Order(), references.Order());
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own_a_summary_and_an_example_for_each_answer_that_fits_its_schema()
    {
        var operations = Operations().ToList();

        Assert.Equal(operations.Count, operations.Select(operation => operation.Json.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (method, path, operation) in operations)
        {
            Assert.EndsWith(".", operation.GetProperty("summary").GetString()?.Replace('?', '.'), StringComparison.Ordinal);
            foreach (var content in Contents(operation))
            {
                var examples = content.TryGetProperty("examples", out var several)
                    ? several.EnumerateObject().Select(example => example.Value.GetProperty("value"))
                    : [content.GetProperty("example")];
                Assert.All(examples, example => Assert.True(
                    Schemas.Problem(content.GetProperty("schema"), example) is not { } problem, $"{method} {path}: {Schemas.Problem(content.GetProperty("schema"), example)}"));
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Request_schemas_have_exactly_the_members_that_the_server_knows()
    {
        await using var server = await TestServer.StartAsync();
        var checkedBodies = 0;
        foreach (var (method, path, operation) in Operations().Where(operation => operation.Json.TryGetProperty("requestBody", out _)))
        {
            var content = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
            var schema = Schemas.Resolve(content.GetProperty("schema").GetProperty("$ref").GetString()!);

            foreach (var (json, at) in WithUnknownMember(schema, content.GetProperty("example")))
            {
                using var body = new StringContent(json, Encoding.UTF8, "application/json");
                var response = await server.Http.PostAsync(new Uri(path.Replace("{id}", "none", StringComparison.Ordinal), UriKind.Relative), body);
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Single();
                var known = error.GetProperty("message").GetString()!.Split("Known fields: ")[1].TrimEnd('.').Split(", ");
                Assert.True(
                    known.Order().SequenceEqual(at.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order()),
                    $"{method} {path}: the server knows {string.Join(", ", known)}");
                checkedBodies++;
            }
        }
        Assert.True(checkedBodies >= 9);
    }

    [Fact(Timeout = Timeout)]
    public async Task Answers_of_a_running_server_fit_the_description()
    {
        await using var server = await TestServer.StartAsync();
        await AnswersAsync(server, HttpMethod.Post, "api/sessions", "/api/sessions", 202, Example("startSession"));
        var list = await AnswersAsync(server, HttpMethod.Get, "api/sessions", "/api/sessions", 200);
        var id = list.GetProperty("sessions")[0].GetProperty("id").GetString();
        var approval = await NextApprovalAsync(server);
        await AnswersAsync(server, HttpMethod.Get, $"api/approvals/{approval.Id}", "/api/approvals/{id}", 200);
        await AnswersAsync(server, HttpMethod.Post, $"api/approvals/{approval.Id}/decision", "/api/approvals/{id}/decision", 200,
            $$"""{"decision":"approve","argumentsHash":"{{approval.Hash}}","approver":"ada"}""");
        await NextApprovalAsync(server);
        foreach (var part in new[] { "", "/timeline", "/ledger", "/transcript", "/rollback", "/replay" })
        {
            await AnswersAsync(server, HttpMethod.Get, $"api/sessions/{id}{part}", $"/api/sessions/{{id}}{part}", 200);
        }
        foreach (var command in new[] { "suspend", "resume" })
        {
            await AnswersAsync(server, HttpMethod.Post, $"api/sessions/{id}/{command}", $"/api/sessions/{{id}}/{command}", 202, Example($"{command}Session"));
        }
        await AnswersAsync(server, HttpMethod.Post, $"api/sessions/{id}/fork", "/api/sessions/{id}/fork", 202, """{"turn":1}""");
        await AnswersAsync(server, HttpMethod.Post, $"api/sessions/{id}/terminate", "/api/sessions/{id}/terminate", 202, Example("terminateSession"));
        await AnswersAsync(server, HttpMethod.Post, $"api/sessions/{id}/feedback", "/api/sessions/{id}/feedback", 204, Example("rateSession"));
        foreach (var path in new[] { "api/agents", "api/tools", "api/readiness", "api/reports/daily", "api/health", "api/counts", "api/me", "health/live", "health/ready", "openapi/v1.json" })
        {
            await AnswersAsync(server, HttpMethod.Get, path, "/" + path, 200);
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("POST", "api/sessions", "/api/sessions", "{}")]
    [InlineData("POST", "api/sessions", "/api/sessions", "{")]
    [InlineData("GET", "api/sessions?limit=0", "/api/sessions", null)]
    [InlineData("GET", "api/sessions/none", "/api/sessions/{id}", null)]
    [InlineData("POST", "api/sessions/none/fork", "/api/sessions/{id}/fork", """{"turn":1}""")]
    [InlineData("POST", "api/sessions/none/feedback", "/api/sessions/{id}/feedback", """{"rating":"good"}""")]
    [InlineData("GET", "api/sessions/none/replay", "/api/sessions/{id}/replay", null)]
    [InlineData("GET", "api/approvals/none", "/api/approvals/{id}", null)]
    [InlineData("GET", "api/approvals?status=Gone", "/api/approvals", null)]
    public async Task Problems_of_a_running_server_are_described(string method, string url, string path, string? body)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };

        var response = await server.Http.SendAsync(request);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        await AssertFitsAsync(response, method, path);
    }

    private static async Task<JsonElement> AnswersAsync(TestServer server, HttpMethod method, string url, string path, int status, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        var response = await server.Http.SendAsync(request);
        Assert.Equal((url, status), (url, (int)response.StatusCode));
        return status == 204 ? default : await AssertFitsAsync(response, method.Method, path);
    }

    private static async Task<JsonElement> AssertFitsAsync(HttpResponseMessage response, string method, string path)
    {
        var answers = Document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant()).GetProperty("responses");
        Assert.True(answers.TryGetProperty($"{(int)response.StatusCode}", out var described), $"{method} {path} does not describe {(int)response.StatusCode}");
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        var schema = described.GetProperty("content").GetProperty(response.Content.Headers.ContentType!.MediaType!).GetProperty("schema");
        Assert.True(Schemas.Problem(schema, json) is not { } problem, $"{method} {path}: {Schemas.Problem(schema, json)}");
        return json;
    }

    private static async Task<(string Id, string Hash)> NextApprovalAsync(TestServer server)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            var list = await AnswersAsync(server, HttpMethod.Get, "api/approvals?status=Pending", "/api/approvals", 200);
            if (list.GetProperty("approvals").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } approval)
            {
                return (approval.GetProperty("id").GetString()!, approval.GetProperty("argumentsHash").GetString()!);
            }
            await poll.WaitForNextTickAsync();
        }
    }

    private static string Example(string operationId) => Operations().Single(operation => operation.Json.GetProperty("operationId").GetString() == operationId)
        .Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();

    /// <summary>The example with a member nobody knows, at the top and in each described object within.</summary>
    private static IEnumerable<(string Json, JsonElement Schema)> WithUnknownMember(JsonElement schema, JsonElement example)
    {
        var text = example.GetRawText();
        yield return (text[..^1] + """, "x_unknown": 1}""", schema);
        foreach (var property in schema.GetProperty("properties").EnumerateObject().Where(property => property.Value.TryGetProperty("properties", out _)))
        {
            var inner = example.GetProperty(property.Name).GetRawText();
            yield return (text.Replace(inner, inner[..^1] + """, "x_unknown": 1}""", StringComparison.Ordinal), property.Value);
        }
    }

    private static IEnumerable<(string Method, string Path, JsonElement Json)> Operations() =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    private static IEnumerable<JsonElement> Contents(JsonElement operation)
    {
        var bodies = operation.TryGetProperty("requestBody", out var body) ? [body] : Array.Empty<JsonElement>();
        return bodies.Concat(operation.GetProperty("responses").EnumerateObject().Select(response => response.Value))
            .Where(part => part.TryGetProperty("content", out _))
            .SelectMany(part => part.GetProperty("content").EnumerateObject().Select(content => content.Value));
    }

    [GeneratedRegex("\"#/components/schemas/(?<name>[A-Za-z]+)\"")]
    private static partial Regex Reference();
}
