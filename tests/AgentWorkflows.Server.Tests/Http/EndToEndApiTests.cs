using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Security;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The API over the real composition: engine, stores, order desk, offline playbook.</summary>
public class EndToEndApiTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Refund_ApprovedOverTheApi_CompletesAndCanBeTakenBack()
    {
        await using var server = await TestServer.StartAsync();
        var id = await StartAsync(server);

        var session = await UntilAsync(server, id, session => Status(session) == "AwaitingApproval");
        while (Status(session) == "AwaitingApproval" && session.GetProperty("pendingApprovals").GetArrayLength() > 0)
        {
            var approval = session.GetProperty("pendingApprovals")[0];
            Assert.Equal(JsonValueKind.String, session.GetProperty("waitingSince").ValueKind);
            Assert.Equal(HttpStatusCode.OK, (await DecideAsync(server, approval, "approve")).StatusCode);
            var repeated = await DecideAsync(server, approval, "reject");
            Assert.Equal((HttpStatusCode.Conflict, "approval_already_decided"), (repeated.StatusCode, await CodeAsync(repeated)));
            session = await UntilAsync(server, id, next => Status(next) is not ("Running" or "Pending") && !Waits(next, approval));
        }

        Assert.Equal("Completed", Status(session));
        Assert.NotNull(session.GetProperty("answer").GetString());
        Assert.True(session.GetProperty("waitedSeconds").GetDouble() > 0, "The time a person took is known.");
        Assert.Equal(JsonValueKind.Null, session.GetProperty("waitingSince").ValueKind);
        var ledger = await server.Http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}/ledger");
        Assert.Equal(session.GetProperty("costUsd").GetDecimal(), ledger.GetProperty("totalUsd").GetDecimal());
        var timeline = await server.Http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}/timeline");
        Assert.NotEqual(0, timeline.GetProperty("entries").GetArrayLength());

        var rollback = await server.Http.PostAsync(new Uri($"api/sessions/{id}/rollback", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Accepted, rollback.StatusCode);
        session = await UntilAsync(server, id, next => Status(next) is "RolledBack" or "RollbackIncomplete");
        Assert.Equal("RolledBack", Status(session));
        var report = await server.Http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}/rollback");
        Assert.Equal("RolledBack", report.GetProperty("status").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Start_TheSameIdTwice_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        await StartAsync(server, "twice");

        var second = await server.Http.PostAsJsonAsync("api/sessions", Body("twice"));

        Assert.Equal((HttpStatusCode.Conflict, "session_exists"), (second.StatusCode, await CodeAsync(second)));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{"agent":"nobody","goal":"g","context":{}}""", "application/json", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"agent":"order-desk","goal":"g","context":{}}""", "application/json", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"agent":""", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    public async Task Start_WhenWrong_IsAProblem(string body, string type, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);

        var response = await server.Http.PostAsync(new Uri("api/sessions", UriKind.Relative), content);

        Assert.Equal((status, code), (response.StatusCode, await CodeAsync(response)));
    }

    [Fact(Timeout = Timeout)]
    public async Task Start_BodyOverTheLimit_Is413WithAndWithoutAnnouncedLength()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/sessions") { Content = new ByteArrayContent(new byte[65_537]) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TransferEncodingChunked = chunked;

            var response = await server.Http.SendAsync(request);

            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (response.StatusCode, await CodeAsync(response)));
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("GET", "api/sessions/none", HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("POST", "api/sessions/none/rollback", HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("POST", "api/sessions/none/terminate", HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("GET", "api/sessions/none/timeline", HttpStatusCode.NotFound, "session_not_found")]
    [InlineData("GET", "api/approvals/none", HttpStatusCode.NotFound, "approval_not_found")]
    [InlineData("GET", "nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "api/sessions", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "api/sessions?limit=0", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("GET", "api/sessions?status=Gone", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("GET", "api/sessions?cursor=%00", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Request_ThatCannotBeAnswered_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await server.Http.SendAsync(request);

        Assert.Equal((status, code), (response.StatusCode, await CodeAsync(response)));
        Assert.True(response.Headers.Contains("X-Content-Type-Options"));
    }

    [Fact(Timeout = Timeout)]
    public async Task WithKeys_UsersSeeTheirOwnSessionsOnly()
    {
        await using var server = await TestServer.StartAsync(Key("one", "u-1"), Key("two", "u-2"));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "one");
        var id = await StartAsync(server);

        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "two");
        var list = await server.Http.GetFromJsonAsync<JsonElement>("api/sessions");
        var one = await server.Http.GetAsync(new Uri($"api/sessions/{id}", UriKind.Relative));
        var inAnothersName = await server.Http.PostAsJsonAsync("api/sessions", Body(null));

        Assert.Equal(0, list.GetProperty("sessions").GetArrayLength());
        Assert.Equal((HttpStatusCode.NotFound, "session_not_found"), (one.StatusCode, await CodeAsync(one)));
        Assert.Equal((HttpStatusCode.Forbidden, "user_mismatch"), (inAnothersName.StatusCode, await CodeAsync(inAnothersName)));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("user", ApiRoles.Start, HttpStatusCode.Accepted)]
    [InlineData("lead", ApiRoles.Start, HttpStatusCode.Accepted)]
    [InlineData("admin", ApiRoles.Start, HttpStatusCode.Forbidden)]
    [InlineData("admin", ApiRoles.Start | ApiRoles.Operate, HttpStatusCode.Accepted)]
    [InlineData("Not a role", ApiRoles.Start | ApiRoles.Operate, HttpStatusCode.BadRequest)]
    internal async Task WithKeys_ASessionsRoleIsOneOfTheKeys(string role, ApiRoles roles, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(Key("one", "u-1") with { Roles = roles, SessionRoles = ["user", "lead"] });
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "one");

        var response = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal = "Refund order 1042",
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal", role },
        });

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.Forbidden)
        {
            Assert.Equal("role_mismatch", await CodeAsync(response));
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("api/agents")]
    [InlineData("api/tools")]
    public async Task Get_Works(string path)
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    private static ApiKey Key(string key, string user) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), ApiRoles.Start | ApiRoles.Read, user);

    private static object Body(string? sessionId) => new
    {
        agent = "order-desk",
        goal = "Refund order 1042, it arrived broken, and tell the customer",
        context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        sessionId,
    };

    private static async Task<string> StartAsync(TestServer server, string? sessionId = null)
    {
        var response = await server.Http.PostAsJsonAsync("api/sessions", Body(sessionId));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Assert.Equal($"/api/sessions/{id}", response.Headers.Location?.ToString());
        return id;
    }

    private static Task<HttpResponseMessage> DecideAsync(TestServer server, JsonElement approval, string decision) => server.Http.PostAsJsonAsync(
        $"api/approvals/{approval.GetProperty("id").GetString()}/decision",
        new { decision, argumentsHash = approval.GetProperty("argumentsHash").GetString(), approver = "ada" });

    private static async Task<JsonElement> UntilAsync(TestServer server, string id, Func<JsonElement, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var session = await server.Http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}");
            if (reached(session))
            {
                return session;
            }
            await poll.WaitForNextTickAsync();
        }
    }

    private static bool Waits(JsonElement session, JsonElement approval) => session.GetProperty("pendingApprovals").EnumerateArray()
        .Any(pending => pending.GetProperty("id").GetString() == approval.GetProperty("id").GetString());

    private static string? Status(JsonElement session) => session.GetProperty("status").GetString();

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
