using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Security;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>Suspend, resume, terminate, fork, feedback and transcript over HTTP.</summary>
public class LifecycleApiTests
{
    private const int Timeout = 60_000;
    private const string Note = "Add a note to order 1042 \"customer called\"";

    [Fact(Timeout = Timeout)]
    public async Task Suspend_Resume_Terminate_AnswerWhereToLookAndChangeTheStatus()
    {
        await using var server = await TestServer.StartAsync();
        var id = await StartAsync(server, "Refund order 1042, it arrived broken");
        await UntilAsync(server, id, "AwaitingApproval");

        var held = await PostAsync(server, $"api/sessions/{id}/suspend", """{"reason":"audit"}""");
        Assert.Equal((HttpStatusCode.Accepted, $"/api/sessions/{id}"), (held.StatusCode, held.Headers.Location?.ToString()));
        await UntilAsync(server, id, "Suspended");
        Assert.Equal("Suspended", (await GetAsync(server, "api/sessions?status=Suspended")).GetProperty("sessions")[0].GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, $"api/sessions/{id}/resume", null)).StatusCode);
        await UntilAsync(server, id, "AwaitingApproval");
        var ended = await PostAsync(server, $"api/sessions/{id}/terminate", """{"rollback":true}""");
        Assert.Equal("nothing_to_do", (await ended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rollback").GetString());
        await UntilAsync(server, id, "Terminated");

        foreach (var command in new[] { "suspend", "resume" })
        {
            await AssertProblemAsync(await PostAsync(server, $"api/sessions/{id}/{command}", null), HttpStatusCode.Conflict, "session_finished");
        }
        // Asked for again, an ending is what it was.
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, $"api/sessions/{id}/terminate", null)).StatusCode);
        Assert.Equal("Terminated", (await GetAsync(server, $"api/sessions/{id}")).GetProperty("status").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Fork_AnswersTheNewSessionAndItsLink()
    {
        await using var server = await TestServer.StartAsync();
        var id = await StartAsync(server, Note);
        await UntilAsync(server, id, "Completed");

        var response = await PostAsync(server, $"api/sessions/{id}/fork", """{"turn":1,"sessionId":"again"}""");

        Assert.Equal((HttpStatusCode.Accepted, "/api/sessions/again"), (response.StatusCode, response.Headers.Location?.ToString()));
        var fork = await UntilAsync(server, "again", "Completed");
        Assert.Equal((id, 1), (fork.GetProperty("forkedFrom").GetProperty("sessionId").GetString(), fork.GetProperty("forkedFrom").GetProperty("turn").GetInt32()));
        Assert.Equal(0, fork.GetProperty("compensations").GetArrayLength());
        var transcript = await GetAsync(server, "api/sessions/again/transcript?turn=1");
        var call = Assert.Single(transcript.GetProperty("turns").EnumerateArray()).GetProperty("calls")[0];
        Assert.Equal(("add_note", "succeeded"), (call.GetProperty("tool").GetString(), call.GetProperty("outcome").GetString()));
        await AssertProblemAsync(await PostAsync(server, $"api/sessions/{id}/fork", """{"turn":1,"sessionId":"again"}"""), HttpStatusCode.Conflict, "session_exists");
        await AssertProblemAsync(await PostAsync(server, $"api/sessions/{id}/fork", """{"turn":2}"""), HttpStatusCode.Conflict, "fork_turn_is_answer");
    }

    [Theory(Timeout = Timeout)]
    [InlineData("fork", """{"turn":0}""", HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("fork", """{}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("fork", """{"turn":-1}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("fork", """{"turn":1.5}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("fork", """{"turn":"1"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("fork", """{"turn":0,"sessionId":"a/b"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("suspend", """{"why":"x"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("suspend", null, HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("resume", null, HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("terminate", """{"rollback":"yes"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("feedback", """{"rating":"great"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("feedback", """{"rating":"good"}""", HttpStatusCode.NotFound, "session_not_found")]
    public async Task WrongRequests_AreProblems(string command, string? body, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();

        await AssertProblemAsync(await PostAsync(server, $"api/sessions/none/{command}", body), status, code);
    }

    [Fact(Timeout = Timeout)]
    public async Task AUser_RatesAndForksOwnSessionsAndSeesNobodyElses()
    {
        await using var server = await TestServer.StartAsync(Key("one", "u-1"), Key("two", "u-2"));
        Use(server, "one");
        var id = await StartAsync(server, Note);
        await UntilAsync(server, id, "Completed");

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(server, $"api/sessions/{id}/feedback", """{"rating":"bad","comment":"wrong order"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, $"api/sessions/{id}/fork", """{"turn":0}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(server, $"api/sessions/{id}/suspend", null)).StatusCode);
        var feedback = (await GetAsync(server, $"api/sessions/{id}")).GetProperty("feedback");
        Assert.Equal(("bad", "wrong order", "u-1"),
            (feedback.GetProperty("rating").GetString(), feedback.GetProperty("comment").GetString(), feedback.GetProperty("by").GetString()));

        Use(server, "two");
        await AssertProblemAsync(await PostAsync(server, $"api/sessions/{id}/feedback", """{"rating":"good"}"""), HttpStatusCode.NotFound, "session_not_found");
        await AssertProblemAsync(await PostAsync(server, $"api/sessions/{id}/fork", """{"turn":0}"""), HttpStatusCode.NotFound, "session_not_found");
        await AssertProblemAsync(await server.Http.GetAsync(new Uri($"api/sessions/{id}/transcript", UriKind.Relative)), HttpStatusCode.NotFound, "session_not_found");
    }

    private static ApiKey Key(string key, string user) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), ApiRoles.Start | ApiRoles.Read, user);

    private static void Use(TestServer server, string key) => server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    private static async Task<string> StartAsync(TestServer server, string goal)
    {
        var response = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal,
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> PostAsync(TestServer server, string path, string? body)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private static Task<JsonElement> GetAsync(TestServer server, string path) => server.Http.GetFromJsonAsync<JsonElement>(path);

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code) =>
        Assert.Equal((status, code), (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));

    private static async Task<JsonElement> UntilAsync(TestServer server, string id, string status)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            var session = await GetAsync(server, $"api/sessions/{id}");
            if (session.GetProperty("status").GetString() == status)
            {
                return session;
            }
            await poll.WaitForNextTickAsync();
        }
    }
}
