using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>The page a link leads to, over HTTP on the real composition.</summary>
public sealed class ApprovalPageTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Scanners_ThatFetchAndSubmitTheForm_ChangeNothing()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var (link, code) = LinkFor(server, asked, "ann");
        var before = await StoredAsync(server, asked);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(link)).StatusCode);
        }
        foreach (var decision in new[] { "approve", "reject", "edit", "", "other" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(server, link, ("decision", decision))).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(server, link, ("decision", decision), ("code", "AAA-AAA"))).StatusCode);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, link, ("code", code))).StatusCode);

        Assert.Equal(before, await StoredAsync(server, asked));
        var views = (await TimelineAsync(server, asked)).Where(entry => entry.Status == "viewed");
        Assert.Equal("The link of ann was opened", Assert.Single(views).Title);
    }

    [Fact(Timeout = Timeout)]
    public async Task APersonWithTheCode_Decides_AndTheNextOneIsToldWhoDid()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var (link, code) = LinkFor(server, asked, "ann@example.com");
        var (other, otherCode) = LinkFor(server, asked, "bo@example.com");

        var decided = await PostAsync(server, link, ("decision", "approve"), ("code", code.ToLowerInvariant()));
        var second = await PostAsync(server, other, ("decision", "reject"), ("code", otherCode));

        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        Assert.Contains("issue_refund runs now, once.", await decided.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, second.StatusCode);
        Assert.Contains("ann@example.com decided about issue_refund", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await server.Http.GetAsync(link)).StatusCode);
        var next = await AskedAsync(server, "send_message");
        var stored = (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!.Decision!;
        Assert.Equal(("ann@example.com", "link"), (stored.Approver, stored.Via));
        Assert.Equal(asked.SessionId, next.SessionId);
    }

    [Fact(Timeout = Timeout)]
    public async Task ARejection_GivesItsReasonToTheAgent()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var (link, code) = LinkFor(server, asked, "ann");

        await PostAsync(server, link, ("decision", "reject"), ("code", code), ("reason", "the customer sent no photo"));

        var ended = await server.Services.GetRequiredService<SessionService>().WaitForEndAsync(asked.SessionId, default);
        Assert.Contains("the customer sent no photo", ended!.Session.Progress.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Arguments_CanBeChanged_ButNeverByAccident()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var (link, code) = LinkFor(server, asked, "ann");
        var fields = new[] { ("code", code), ("arg.order_id", "1042"), ("arg.reason", "it arrived broken") };

        var changedButApproved = await PostAsync(server, link, [.. fields, ("arg.amount", "5.00"), ("decision", "approve")]);
        Assert.Contains("You changed the arguments", await changedButApproved.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var unchanged = await PostAsync(server, link, [.. fields, ("decision", "edit")]);
        Assert.Contains("You changed nothing", await unchanged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var wrong = await PostAsync(server, link, [.. fields, ("arg.amount", "a lot"), ("decision", "edit")]);
        Assert.Contains("amount: This must be a number.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var refused = await PostAsync(server, link, [.. fields, ("arg.amount", "-1"), ("decision", "edit")]);
        Assert.All(new[] { changedButApproved, unchanged, wrong, refused }, response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        var edited = await PostAsync(server, link, [.. fields, ("arg.amount", "5.00"), ("decision", "edit")]);

        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        var stored = (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!;
        Assert.Equal((ApprovalStatus.Edited, "5.00"), (stored.Status, stored.Decision!.Arguments!.Value.GetProperty("amount").GetRawText()));
    }

    [Fact(Timeout = Timeout)]
    public async Task EverythingThatIsNoLink_GetsOneAnswer()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var good = server.Services.GetRequiredService<ApprovalLinks>().TokenFor(asked, "ann");
        var ring = server.Services.GetRequiredService<ApprovalKeyRing>();
        var flipped = (good[0] == 'A' ? 'B' : 'A') + good[1..];
        var token = new ApprovalToken(asked.Id, asked.ArgumentsHash, "ann", AllowedDecisions.Approve, asked.ExpiresAt);
        var otherKey = new ApprovalTokens(new ApprovalKeyRing([new ApprovalKey(ring.Keys[0].Id, new byte[32])])).Issue(token);
        var rotatedOut = new ApprovalTokens(new ApprovalKeyRing([new ApprovalKey("before", new byte[32])])).Issue(token);
        var own = new ApprovalTokens(ring);
        string[] bad =
        [
            flipped, good[..^1], good[..20], good + "A", "x", new string('A', 900), new string('A', 5000), "%20", "..%2F", otherKey, rotatedOut,
            own.Issue(token with { ApprovalId = "s-unknown.1.refund" }), own.Issue(token with { ArgumentsHash = new string('0', 64) }),
        ];

        var answers = new HashSet<string>();
        foreach (var one in bad)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            {
                using var request = new HttpRequestMessage(method, "approve/" + one) { Content = method == HttpMethod.Post ? Form(("decision", "approve")) : null };
                var response = await server.Http.SendAsync(request);
                response.Headers.Date = null;
                answers.Add($"{(int)response.StatusCode}\n{response.Headers}\n{response.Content.Headers}\n{await response.Content.ReadAsStringAsync()}");
            }
        }

        Assert.StartsWith("404\n", Assert.Single(answers), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(new Uri("approve/" + good, UriKind.Relative))).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task AnExpiredLink_IsGone()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var expired = server.Services.GetRequiredService<ApprovalTokens>().Issue(
            new ApprovalToken(asked.Id, asked.ArgumentsHash, "ann", AllowedDecisions.Approve, DateTimeOffset.UtcNow));

        var response = await server.Http.GetAsync(new Uri("approve/" + expired, UriKind.Relative));

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Contains("too late to decide", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task ThePage_IsKeptFromFramesScriptsCachesAndOtherSites_AndShowsWhatItIsGiven()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server, "Refund order 1042, <script>alert(1)</script> \u202Enoitcerid and tell the customer");
        var (link, code) = LinkFor(server, asked, "ann");

        var response = await server.Http.GetAsync(link);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\u202E", page, StringComparison.Ordinal);
        Assert.Contains("\\u202E", page, StringComparison.Ordinal);
        Assert.DoesNotContain(code, page, StringComparison.Ordinal);
        foreach (var expected in new[] { "issue_refund", "0.00 USD", "53.70 USD", "order_id", "1042", "order-desk", "u-1", "write risky", "reverse_refund" })
        {
            Assert.Contains(expected, page, StringComparison.Ordinal);
        }
        using var crossSite = new HttpRequestMessage(HttpMethod.Post, link) { Content = Form(("decision", "approve"), ("code", code)) };
        crossSite.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Http.SendAsync(crossSite)).StatusCode);
        using var own = new HttpRequestMessage(HttpMethod.Post, link) { Content = Form(("decision", "approve"), ("code", code)) };
        own.Headers.Add("Origin", "null");
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(own)).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task TenWrongCodes_LockTheLinkForAWhile_AlsoForTheRightOne()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await AskAsync(server);
        var (link, code) = LinkFor(server, asked, "ann");
        var (other, otherCode) = LinkFor(server, asked, "bo");
        for (var i = 0; i < CodeAttempts.MaxWrong; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(server, link, ("decision", "approve"), ("code", "AAA-AAA"))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(server, link, ("decision", "approve"), ("code", code))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, other, ("decision", "approve"), ("code", otherCode))).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task FourEyes_TheSamePersonTwiceIsRefused_AndTheSecondPersonDecides()
    {
        await using var server = await TestServer.StartAsync(services => TestServer.ChangeAgents(services, agent => agent with
        {
            Approvals = new ApprovalPolicy { Terms = new ApprovalTerms { Required = 2, SelfApproval = false } },
        }));
        var asked = await AskAsync(server);
        var (ann, annsCode) = LinkFor(server, asked, "ann");
        var (bo, bosCode) = LinkFor(server, asked, "bo");
        var (own, ownCode) = LinkFor(server, asked, "U-1");

        var first = await PostAsync(server, ann, ("decision", "approve"), ("code", annsCode));
        Assert.Contains("one more person has approved it too", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(server, ann, ("decision", "approve"), ("code", annsCode))).StatusCode);
        var again = await DecideAsync(server, asked, "ANN");
        Assert.Equal((HttpStatusCode.Conflict, "same_approver"), (again.StatusCode, await CodeAsync(again)));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(server, own, ("decision", "approve"), ("code", ownCode))).StatusCode);
        var byOwner = await DecideAsync(server, asked, "u-1");
        Assert.Equal((HttpStatusCode.Forbidden, "own_session"), (byOwner.StatusCode, await CodeAsync(byOwner)));
        Assert.Equal(ApprovalStatus.Pending, (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!.Status);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, bo, ("decision", "approve"), ("code", bosCode))).StatusCode);
        Assert.Equal(["ann", "bo"], (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!.Votes.Select(vote => vote.Approver));
        await AskedAsync(server, "send_message");
    }

    internal static async Task<ApprovalRequest> AskAsync(TestServer server, string goal = "Refund order 1042, it arrived broken, and tell the customer")
    {
        var response = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal,
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await AskedAsync(server, "issue_refund");
    }

    internal static async Task<ApprovalRequest> AskedAsync(TestServer server, string tool)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var pending = await server.Services.GetRequiredService<IApprovalStore>().ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending }, default);
            if (pending.FirstOrDefault(request => request.Tool == tool) is { } asked)
            {
                return asked;
            }
            await poll.WaitForNextTickAsync();
        }
    }

    internal static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    internal static Task<HttpResponseMessage> PostAsync(TestServer server, Uri link, params (string Name, string Value)[] fields) =>
        server.Http.PostAsync(link, Form(fields));

    private static (Uri Link, string Code) LinkFor(TestServer server, ApprovalRequest asked, string approver)
    {
        var token = server.Services.GetRequiredService<ApprovalLinks>().TokenFor(asked, approver);
        return (new Uri("approve/" + token, UriKind.Relative), server.Services.GetRequiredService<ApprovalTokens>().CodeOf(token));
    }

    private static Task<HttpResponseMessage> DecideAsync(TestServer server, ApprovalRequest asked, string approver) => server.Http.PostAsJsonAsync(
        $"api/approvals/{asked.Id}/decision", new { decision = "approve", argumentsHash = asked.ArgumentsHash, approver });

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private static async Task<string> StoredAsync(TestServer server, ApprovalRequest asked) =>
        JsonSerializer.Serialize(await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default));

    private static Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TestServer server, ApprovalRequest asked) =>
        server.Services.GetRequiredService<ISessionStore>().ListTimelineAsync(asked.SessionId, 0, 1000, default);
}
