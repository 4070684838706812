using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentWorkflows.Server.Tests.Embedded;

/// <summary>An agent whose tools are the operations of somebody's HTTP API, in YAML alone.</summary>
public sealed class HttpToolSessionTests : IDisposable
{
    private const string Document = """
        openapi: 3.0.3
        info: {title: Rooms, version: "1"}
        paths:
          /rooms:
            get: {operationId: freeRooms, summary: The rooms that are free., responses: {"200": {description: OK}}}
          /bookings/{key}:
            delete:
              operationId: cancelBooking
              summary: Cancels what was booked under a key.
              parameters: [{name: key, in: path, required: true, schema: {type: string}}]
              responses: {"204": {description: Cancelled}}
          /bookings:
            post:
              operationId: bookRoom
              summary: Books a room.
              requestBody: {required: true, content: {application/json: {schema: {type: object, required: [room], properties: {room: {type: integer}}}}}}
              responses: {"201": {description: Booked}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-http-tools-");
    private readonly ConcurrentDictionary<string, int> _bookings = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task AnApprovedCall_BooksOverHttpOnce_AndARollbackCancelsItWithAnotherOperation()
    {
        await using var api = await ApiServer.StartAsync(AnswerAsync);
        WriteAgent(api);
        await using var app = Build();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var started = await http.PostAsJsonAsync("api/sessions", new
        {
            agent = "room-desk",
            goal = "Please book room 7",
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        });
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync());
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var message = await app.Services.GetRequiredService<PhoneChannel>().FirstAsync();
        Assert.Equal((id, "rooms_book_room"), (message.Request.SessionId, message.Request.Tool));
        Assert.Empty(_bookings);
        using var decided = await http.PostAsJsonAsync($"api/approvals/{message.Request.Id}/decision", new { decision = "approve", argumentsHash = message.Request.ArgumentsHash, approver = "bo" });
        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        await app.Services.GetRequiredService<SessionService>().WaitForEndAsync(id, CancellationToken.None);
        var session = await http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}");

        Assert.Equal(("Completed", "Room 7 is booked."), (session.GetProperty("status").GetString(), session.GetProperty("answer").GetString()));
        Assert.Equal([7], _bookings.Values);
        var rollbacks = app.Services.GetRequiredService<RollbackService>();
        var rollback = Assert.IsType<RollbackOutcome.Started>(await rollbacks.RollbackAsync(id, null, CancellationToken.None));
        await rollbacks.WaitForEndAsync(rollback, id, CancellationToken.None);
        Assert.Empty(_bookings);
        await app.StopAsync();
    }

    private Task AnswerAsync(ApiRequest request, Microsoft.AspNetCore.Http.HttpContext context)
    {
        switch (request.Method)
        {
            case "GET":
                return ApiServer.JsonAsync(context, """{"free": [7, 8]}""");
            case "POST":
                var room = JsonElement.Parse(request.Body).GetProperty("room").GetInt32();
                _bookings.TryAdd(request.Headers["Idempotency-Key"], room);
                return ApiServer.JsonAsync(context, $$"""{"room": {{room}}}""", 201);
            default:
                _bookings.TryRemove(Uri.UnescapeDataString(request.Path["/bookings/".Length..]), out _);
                context.Response.StatusCode = 204;
                return Task.CompletedTask;
        }
    }

    private void WriteAgent(ApiServer api)
    {
        var desk = Path.Combine(RoomDesk.WriteAgents(_folder.FullName), "room-desk");
        File.WriteAllText(Path.Combine(desk, "rooms.yaml"), Document);
        File.WriteAllText(Path.Combine(desk, "agent.yaml"), $$"""
            name: room-desk
            version: "1.0"
            instructions: You book rooms.
            models: {plan: {deployment: default} }
            permissions: [{effect: allow}]
            openapi:
              rooms: {document: rooms.yaml, server: "{{api.Address}}", allow: ["127.0.0.1:{{api.Port}}"] }
            tools:
              rooms_free_rooms: {tier: read}
              rooms_book_room:
                tier: write_risky
                timeout: 10s
                idempotent: true
                compensation: {tool: rooms_cancel_booking, arguments: {key: $idempotencyKey}, instructions: Cancel the booking.}
              rooms_cancel_booking: {tier: write_safe, idempotent: true, offered: false}
            """);
        var playbook = Path.Combine(desk, "playbook.yaml");
        File.WriteAllText(playbook, File.ReadAllText(playbook).Replace("tool: free_rooms", "tool: rooms_free_rooms", StringComparison.Ordinal)
            .Replace("tool: book_room", "tool: rooms_book_room", StringComparison.Ordinal));
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAgentWorkflows(builder.Configuration)
            .UseEmbeddedEngine(Path.Combine(_folder.FullName, "data")).AddAgents(Path.Combine(_folder.FullName, "agents")).AddApprovalChannel<PhoneChannel>();
        var app = builder.Build();
        app.MapAgentWorkflows();
        app.Urls.Add("http://127.0.0.1:0");
        return app;
    }
}
