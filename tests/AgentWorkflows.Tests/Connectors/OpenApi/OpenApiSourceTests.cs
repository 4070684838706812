using System.Text;
using System.Text.Json;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.OpenApi;

public sealed class OpenApiSourceTests : IDisposable
{
    private const string Rooms = """
        openapi: 3.1.0
        info: {title: Rooms, version: "1"}
        servers: [{url: "https://rooms.example.com/v1"}]
        paths:
          /rooms/{room_id}/bookings:
            parameters:
              - {name: room_id, in: path, required: true, schema: {type: string}}
            get:
              operationId: listBookings
              tags: [bookings]
              summary: Bookings of a room.
              parameters:
                - {name: tags, in: query, schema: {type: array, items: {type: string}}}
                - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
                - {name: "filter", in: query, style: deepObject, schema: {type: object, properties: {from: {type: string, format: date}, by: {type: string}}}}
                - {name: X-Trace, in: header, schema: {type: string}}
                - {name: api_key, in: query, schema: {type: string}}
              responses: {"200": {description: OK}}
            post:
              operationId: book-room
              tags: [bookings]
              requestBody:
                required: true
                content: {application/json: {schema: {$ref: "#/components/schemas/Booking"}}}
              responses: {"201": {description: Booked}}
          /charges:
            post:
              operationId: charge
              requestBody:
                required: true
                content:
                  application/x-www-form-urlencoded:
                    schema: {type: object, required: [amount], properties: {amount: {type: integer}, metadata: {type: object, additionalProperties: {type: string}}, items: {type: array, items: {type: string}}}}
              responses: {"200": {description: OK}}
          /upload:
            post:
              operationId: upload
              requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
              responses: {"200": {description: OK}}
        components:
          schemas:
            Base: {type: object, required: [who], properties: {who: {type: string, minLength: 1}, id: {type: string, readOnly: true}}}
            Booking:
              allOf:
                - $ref: "#/components/schemas/Base"
                - type: object
                  required: [hours]
                  properties:
                    hours: {type: integer, minimum: 1, maximum: 8}
                    note: {type: [string, "null"]}
                    kind: {anyOf: [{type: string, enum: [team, talk]}, {type: "null"}]}
                    payer: {oneOf: [{type: object, required: [iban], properties: {iban: {type: string}}}, {type: object, required: [card], properties: {card: {type: string}}}]}
                    parent: {$ref: "#/components/schemas/Booking"}
                    labels: {type: object, additionalProperties: {type: string}}
        """;

    private static readonly CancellationToken Hang = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openapi");
    private readonly SetClock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Schemas_are_ones_that_the_gate_enforces()
    {
        var tools = await Found(Settings("https://rooms.example.com/v1"));

        var book = tools["rooms_book_room"].ParametersSchema;
        Assert.Empty(SchemaCheck.FindProblems(book));
        Assert.Equal(["room_id", "hours", "who"], ToolSchema.Required(book).Order(StringComparer.Ordinal).OrderBy(name => name != "room_id"));
        var properties = book.GetProperty("properties");
        Assert.False(properties.TryGetProperty("id", out _));
        Assert.Equal("""["string","null"]""", properties.GetProperty("kind").GetProperty("type").GetRawText());
        Assert.Equal("""["team","talk",null]""", properties.GetProperty("kind").GetProperty("enum").GetRawText());
        Assert.Equal(["iban", "card"], ToolSchema.Properties(properties.GetProperty("payer")));
        Assert.Empty(ToolSchema.Required(properties.GetProperty("payer")));
        Assert.Contains("Again a 'Booking'", properties.GetProperty("parent").GetProperty("description").GetString(), StringComparison.Ordinal);
        foreach (var (arguments, good) in new[]
        {
            ("""{"room_id": "7", "who": "Ada", "hours": 2, "kind": null, "note": null, "payer": {"card": "1"}, "labels": {"a": "b"}, "parent": {"who": "B"}}""", true),
            ("""{"room_id": "7", "who": "Ada", "hours": 9}""", false), ("""{"room_id": "7", "hours": 2}""", false), ("""{"room_id": "7", "who": "Ada", "hours": 2, "other": 1}""", false),
        })
        {
            Assert.Equal(good, ArgumentCheck.FindProblems(book, JsonElement.Parse(arguments)).Count == 0);
        }
    }

    [Fact]
    public async Task What_cannot_be_expressed_is_said_with_its_operation_and_place_when_it_was_asked_for()
    {
        Assert.DoesNotContain("rooms_upload", (await Found(Settings("https://rooms.example.com/v1"))).Keys);
        var asked = await Source(Settings("https://rooms.example.com/v1") with { Operations = ["uplo*", "bok-room"] }).DiscoverAsync(Hang);
        var why = Assert.IsType<ToolDiscovery.Invalid>(asked).Why;
        Assert.Contains("operation 'upload' (POST /upload): its body is multipart/form-data.", why, StringComparison.Ordinal);
        Assert.Contains("no operation 'bok-room'. Did you mean 'book-room'?", why, StringComparison.Ordinal);
        Assert.Equal(["rooms_book_room", "rooms_list_bookings"], (await Found(Settings("https://rooms.example.com/v1") with { Operations = ["tag:bookings"] })).Keys.Order());
    }

    [Fact]
    public async Task Arguments_go_where_the_document_says()
    {
        await using var api = await ApiServer.StartAsync("""{"ok": true}""");
        var tools = await Found(Settings(api.Address + "/v1", api));

        await Call(tools["rooms_list_bookings"], """{"room_id": "a/../b?c", "tags": ["x y", "z&admin=1"], "ids": [1, 2], "filter": {"from": "2026-11-26", "by": "Ada"}, "X-Trace": "t1"}""");
        await Call(tools["rooms_book_room"], """{"room_id": "7", "who": "Ada", "hours": 2, "labels": {"a": "b"}}""");
        await Call(tools["rooms_charge"], """{"amount": 5, "metadata": {"order id": "7"}, "items": ["a", "b"]}""");

        Assert.Equal("/v1/rooms/a%2F..%2Fb%3Fc/bookings", api.Requests[0].Path);
        Assert.Equal("?tags=x%20y&tags=z%26admin%3D1&ids=1,2&filter%5Bfrom%5D=2026-11-26&filter%5Bby%5D=Ada", api.Requests[0].Query);
        Assert.Equal("t1", api.Requests[0].Headers["X-Trace"]);
        Assert.Equal(("POST", "/v1/rooms/7/bookings"), (api.Requests[1].Method, api.Requests[1].Path));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"who": "Ada", "hours": 2, "labels": {"a": "b"}}"""), JsonElement.Parse(api.Requests[1].Body)));
        Assert.Equal("amount=5&metadata%5Border%20id%5D=7&items=a&items=b", api.Requests[2].Body);
        var refused = Assert.IsType<ToolResult.Failure>(await Call(tools["rooms_list_bookings"], """{"room_id": ".."}"""));
        Assert.Equal(ToolFailureKind.Permanent, refused.Kind);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task A_key_is_sent_seen_by_nobody_and_taken_out_of_what_comes_back()
    {
        await using var api = await ApiServer.StartAsync((request, context) => ApiServer.JsonAsync(context, $$"""{"echo": "{{request.Query}} {{request.Headers.GetValueOrDefault("X-Team")}}"}"""));
        var settings = Settings(api.Address, api) with
        {
            Auth = new HttpAuthSettings(HttpAuthType.ApiKey) { Place = ApiKeyPlace.Query, KeyName = "api_key", Secret = "${ROOMS_KEY}" },
            Headers = new SortedDictionary<string, string> { ["X-Team"] = "${ROOMS_TEAM}" },
        };
        var tools = await Found(settings);

        Assert.DoesNotContain("api_key", ToolSchema.Properties(tools["rooms_list_bookings"].ParametersSchema));
        var result = Assert.IsType<ToolResult.Success>(await Call(tools["rooms_list_bookings"], """{"room_id": "7", "tags": ["a"]}"""));
        Assert.Equal("?tags=a&api_key=k-12345678", api.Requests[0].Query);
        Assert.Equal("""{"echo": "?tags=a&api_key=(secret) (secret)"}""", result.Value.GetRawText());
        var missing = await Source(settings with { Headers = new SortedDictionary<string, string> { ["X"] = "${NOBODY}" } }).DiscoverAsync(Hang);
        Assert.Contains("no NOBODY", Assert.IsType<ToolDiscovery.Invalid>(missing).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_asked_for_once_renewed_before_its_end_and_after_a_401()
    {
        var (given, revoked) = (0, false);
        await using var api = await ApiServer.StartAsync(async (request, context) =>
        {
            if (request.Path == "/token")
            {
                await ApiServer.JsonAsync(context, $$"""{"access_token": "token-{{++given}}-secret", "expires_in": 600}""");
            }
            else if (revoked && request.Headers["Authorization"] == "Bearer token-2-secret")
            {
                await ApiServer.JsonAsync(context, """{"error": "revoked"}""", 401);
            }
            else
            {
                await ApiServer.JsonAsync(context, "{}");
            }
        });
        var tools = await Found(Settings(api.Address, api) with
        {
            Auth = new HttpAuthSettings(HttpAuthType.Oauth2) { TokenUrl = api.Address + "/token", User = "desk", Secret = "${ROOMS_KEY}", Scope = "rooms.read" },
        });
        const string arguments = """{"room_id": "7"}""";
        await Call(tools["rooms_list_bookings"], arguments);
        await Call(tools["rooms_list_bookings"], arguments);
        Assert.Equal(1, given);
        _clock.Now += TimeSpan.FromMinutes(9.5);
        await Call(tools["rooms_list_bookings"], arguments);
        Assert.Equal(2, given);
        revoked = true;
        Assert.IsType<ToolResult.Success>(await Call(tools["rooms_list_bookings"], arguments));
        Assert.Equal(3, given);
        var asked = api.Requests.First(request => request.Path == "/token");
        Assert.Equal("grant_type=client_credentials&scope=rooms.read", asked.Body);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("desk:k-12345678")), asked.Headers["Authorization"]);
    }

    [Theory]
    [InlineData(429, ToolFailureKind.RateLimited, true, 7)]
    [InlineData(503, ToolFailureKind.Transient, false, 7)]
    [InlineData(500, ToolFailureKind.Transient, false, null)]
    [InlineData(400, ToolFailureKind.Permanent, false, null)]
    [InlineData(401, ToolFailureKind.Permanent, false, null)]
    [InlineData(404, ToolFailureKind.Permanent, false, null)]
    [InlineData(409, ToolFailureKind.Permanent, false, null)]
    public async Task A_failure_has_its_kind_and_is_repeated_only_where_the_key_makes_that_safe(int status, ToolFailureKind kind, bool retrySafe, int? retryAfter)
    {
        await using var api = await ApiServer.StartAsync((_, context) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return ApiServer.JsonAsync(context, """{"title": "No such room", "detail": "Ask for another."}""", status);
        });
        var tool = (await Found(Settings(api.Address, api)))["rooms_book_room"];
        const string arguments = """{"room_id": "7", "who": "Ada", "hours": 2}""";

        var failure = Assert.IsType<ToolResult.Failure>(await Call(tool, arguments));
        Assert.Equal((kind, retrySafe), (failure.Kind, failure.RetrySafe));
        Assert.Contains("No such room", failure.Message, StringComparison.Ordinal);
        if (retryAfter is { } seconds)
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
        }
        Assert.False(api.Requests[0].Headers.ContainsKey("Idempotency-Key"));

        var again = Assert.IsType<ToolResult.Failure>(await Call(tool, arguments, idempotent: true));
        Assert.Equal(kind != ToolFailureKind.Permanent, again.RetrySafe);
        Assert.Equal("s1/1/step", api.Requests[1].Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("not yaml: [", "no OpenAPI document")]
    [InlineData("{\"swagger\": \"2.0\", \"info\": {}, \"paths\": {}}", "Swagger 2.0")]
    [InlineData("openapi: 3.0.1\ninfo: {title: a, version: '1'}\npaths:\n  /a/{b}:\n    get: {operationId: a, responses: {}}\n", "has no operations")]
    public async Task A_document_that_is_none_is_said_to_be(string document, string why)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "rooms.yaml"), document);
        var settings = new OpenApiSettings("rooms") { Document = Path.Combine(_folder.FullName, "rooms.yaml"), Server = "https://rooms.example.com" };
        Assert.Contains(why, Assert.IsType<ToolDiscovery.Invalid>(await Source(settings).DiscoverAsync(Hang)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_inside_and_credentials_in_the_open_are_refused_at_load()
    {
        var inside = await Source(Settings("http://10.0.0.7/v1")).DiscoverAsync(Hang);
        Assert.Contains("in a private network. If it is meant, list 10.0.0.7:80 under 'allow'.", Assert.IsType<ToolDiscovery.Invalid>(inside).Why, StringComparison.Ordinal);
        var open = await Source(Settings("http://rooms.example.com/v1") with { Auth = new HttpAuthSettings(HttpAuthType.Bearer) { Secret = "${ROOMS_KEY}" } }).DiscoverAsync(Hang);
        Assert.Contains("unencrypted", Assert.IsType<ToolDiscovery.Invalid>(open).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_of_an_address_is_pinned_and_read_behind_the_floor()
    {
        await using var api = await ApiServer.StartAsync((_, context) => context.Response.WriteAsync(Rooms));
        var settings = new OpenApiSettings("rooms") { Document = api.Address + "/openapi.yaml", Server = "https://rooms.example.com/v1" };
        Assert.Contains("loopback", Assert.IsType<ToolDiscovery.Invalid>(await Source(settings).DiscoverAsync(Hang)).Why, StringComparison.Ordinal);
        var source = Source(settings with { Allow = [$"127.0.0.1:{api.Port}"] });
        Assert.True(source.IsPinned);
        Assert.Equal(3, Assert.IsType<ToolDiscovery.Found>(await source.DiscoverAsync(Hang)).Tools.Count);
    }

    private OpenApiSettings Settings(string server, ApiServer? api = null)
    {
        var path = Path.Combine(_folder.FullName, "rooms.yaml");
        File.WriteAllText(path, Rooms);
        return new OpenApiSettings("rooms") { Document = path, Server = server, Allow = api is null ? [] : [$"127.0.0.1:{api.Port}"] };
    }

    private OpenApiToolSource Source(OpenApiSettings settings) => new(
        settings, new HttpServices(_clock, name => name switch { "ROOMS_KEY" => "k-12345678", "ROOMS_TEAM" => "blue-team", _ => null }, new SystemResolver()));

    private async Task<Dictionary<string, IOutsideTool>> Found(OpenApiSettings settings)
    {
        var discovery = await Source(settings).DiscoverAsync(Hang);
        return (discovery as ToolDiscovery.Found ?? throw new InvalidOperationException(discovery.ToString())).Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    private static Task<ToolResult> Call(IOutsideTool tool, string arguments, bool idempotent = false) =>
        tool.ExecuteAsync(new ToolInvocation("s1", tool.Name, JsonElement.Parse(arguments), "s1/1/step") { Idempotent = idempotent }, Hang);
}
