using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>From a session's question to a mail or a card, over the link to the decision, and back into the session.</summary>
public sealed class ChannelsEndToEndTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task AMail_LeadsToThePage_AndOneDecisionIsMadeThere()
    {
        await using var mails = new SmtpSink();
        await using var server = await StartAsync(_ => new SmtpChannel(Smtp(mails.Port)));

        await DecideByMailAsync(server, async () => MailReader.Of(await mails.NextAsync()));
    }

    [MailFact]
    public async Task AMailOverARealMailServer_LeadsToThePage_AndOneDecisionIsMadeThere()
    {
        await using var mails = await NodeMailServer.StartAsync(login: true);
        await using var server = await StartAsync(_ => new SmtpChannel(Smtp(mails.Port) with { User = "agents", Password = "correct horse" }));

        await DecideByMailAsync(server, async () => MailReader.Of((await mails.NextAsync()).Message));
    }

    [MailFact]
    public async Task WhatARealMailServerRefuses_IsToldInTheInbox_AndTheRequestStillWaits()
    {
        await using var mails = await NodeMailServer.StartAsync();
        await using var server = await StartAsync(
            _ => new SmtpChannel(Smtp(mails.Port) with { Name = "untrusted", Tls = SmtpTls.StartTls }), _ => new SmtpChannel(Smtp(mails.Port) with { Name = "wrong", To = ["nobody@example.com"] }));
        var asked = await ApprovalPageTests.AskAsync(server);

        var notices = await NoticesAsync(server, asked, all => all.All(notice => notice.Error is not null));

        // The server's certificate is its own: nothing is sent in the clear instead.
        Assert.Equal(NoticeStatus.Failing, notices.First(notice => notice.Channel == "untrusted").Status);
        var refused = notices.Single(notice => notice.Channel == "wrong");
        Assert.Equal((NoticeStatus.Failed, "localhost: nobody@example.com: 550 No such mailbox"), (refused.Status, refused.Error));
        Assert.Equal(ApprovalStatus.Pending, (await StoreOf(server).GetAsync(asked.Id, default))!.Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task ATeamsCard_HasTheFactsAndAButtonToThePage()
    {
        await using var teams = new HttpSink();
        await using var server = await StartAsync(http => new TeamsChannel(new WebhookOptions("teams", teams.Url) { Approver = "Ann@Example.com" }, http));
        var asked = await ApprovalPageTests.AskAsync(server);

        var post = await teams.NextAsync();
        var message = JsonElement.Parse(post.Body);
        var attachment = message.GetProperty("attachments")[0];
        var card = attachment.GetProperty("content");
        var code = card.GetProperty("body").EnumerateArray().Select(block => block.TryGetProperty("text", out var text) ? text.GetString()! : "")
            .Single(text => text.StartsWith("Code: ", StringComparison.Ordinal))["Code: ".Length..];
        var action = card.GetProperty("actions")[0];
        var link = new Uri(new Uri(action.GetProperty("url").GetString()!).AbsolutePath.TrimStart('/'), UriKind.Relative);

        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive"), (message.GetProperty("type").GetString(), attachment.GetProperty("contentType").GetString()));
        Assert.Equal(("AdaptiveCard", "1.5", "Action.OpenUrl"), (card.GetProperty("type").GetString(), card.GetProperty("version").GetString(), action.GetProperty("type").GetString()));
        Assert.Contains("Refund order 1042", post.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ApprovalPageTests.PostAsync(server, link, ("decision", "approve"), ("code", code))).StatusCode);
        Assert.Equal("ann@example.com", (await StoreOf(server).GetAsync(asked.Id, default))!.Decision!.Approver);
    }

    [Fact(Timeout = Timeout)]
    public async Task AChannelThatSeveralPeopleRead_HasNoLinkOfAnybody()
    {
        await using var slack = new HttpSink();
        await using var server = await StartAsync(http => new SlackChannel(new WebhookOptions("slack", slack.Url), http));
        await ApprovalPageTests.AskAsync(server);

        var post = await slack.NextAsync();

        Assert.Contains("issue_refund", post.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/approve/", post.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Code:", post.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task AWebhook_IsSigned_AndFailuresAreToldWithoutItsAddress()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var hook = new HttpSink(_ => (307, "http://127.0.0.1:1/elsewhere"));
        await using var server = await StartAsync(http => new WebhookChannel(new WebhookOptions("desk", hook.Url) { Secret = secret }, http, TimeProvider.System));
        var asked = await ApprovalPageTests.AskAsync(server);

        var post = await hook.NextAsync();
        var signed = Encoding.UTF8.GetBytes($"{post.Headers["webhook-id"]}.{post.Headers["webhook-timestamp"]}.{post.Text}");
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed)), post.Headers["webhook-signature"]);
        var body = JsonElement.Parse(post.Body);
        Assert.Equal("approval.requested", body.GetProperty("type").GetString());
        Assert.Equal(asked.ArgumentsHash, body.GetProperty("approval").GetProperty("argumentsHash").GetString());
        Assert.EndsWith($"/api/approvals/{asked.Id}/decision", body.GetProperty("decisionUrl").GetString(), StringComparison.Ordinal);
        var failed = Assert.Single(await NoticesAsync(server, asked, all => all.Any(notice => notice.Error is not null)));
        Assert.Equal((NoticeStatus.Failed, "127.0.0.1 answered 307."), (failed.Status, failed.Error));
        // The timeline is told after the inbox.
        var timeline = "";
        while (!timeline.Contains("127.0.0.1 answered 307.", StringComparison.Ordinal))
        {
            timeline = await server.Http.GetStringAsync(new Uri($"api/sessions/{asked.SessionId}/timeline", UriKind.Relative));
        }
        Assert.DoesNotContain("s3cr3t", timeline, StringComparison.Ordinal);
        Assert.False(hook.HasMore);
    }

    private static async Task DecideByMailAsync(TestServer server, Func<Task<MailReader>> nextAsync)
    {
        var asked = await ApprovalPageTests.AskAsync(server, "Refund order 1042, it arrived broken, and tell the customer");
        var first = await nextAsync();
        var second = await nextAsync();
        Assert.Contains("Auto-Submitted: auto-generated", first.Headers, StringComparison.Ordinal);
        Assert.Contains("53.70 USD", first.Plain, StringComparison.Ordinal);
        Assert.Contains("order_id", first.Html, StringComparison.Ordinal);
        var (link, code) = first.Link;
        Assert.Contains(link.ToString(), first.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), link.ToString(), StringComparison.OrdinalIgnoreCase);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(link)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await ApprovalPageTests.PostAsync(server, link, ("decision", "approve"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ApprovalPageTests.PostAsync(server, link, ("decision", "approve"), ("code", second.Link.Code))).StatusCode);
        Assert.Equal(ApprovalStatus.Pending, (await StoreOf(server).GetAsync(asked.Id, default))!.Status);

        Assert.Equal(HttpStatusCode.OK, (await ApprovalPageTests.PostAsync(server, link, ("decision", "approve"), ("code", code))).StatusCode);
        var other = await ApprovalPageTests.PostAsync(server, second.Link.Link, ("decision", "approve"), ("code", second.Link.Code));

        Assert.Equal(HttpStatusCode.Gone, other.StatusCode);
        var decider = (await StoreOf(server).GetAsync(asked.Id, default))!.Decision!.Approver;
        Assert.Contains($"{decider} decided about issue_refund", WebUtility.HtmlDecode(await other.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        await ApprovalPageTests.AskedAsync(server, "send_message");
        var notices = (await StoreOf(server).GetAsync(asked.Id, default))!.Notices;
        Assert.All(notices, notice => Assert.Equal((NoticeStatus.Delivered, 1), (notice.Status, notice.Attempts)));
    }

    private static SmtpOptions Smtp(int port) =>
        new() { Host = "localhost", Port = port, From = "agents@example.com", Tls = SmtpTls.None, To = ["ann@example.com", "bo@example.com"] };

    private static Task<TestServer> StartAsync(params Func<HttpPost, IApprovalChannel>[] channels) => TestServer.StartAsync(services =>
    {
        foreach (var channel in channels)
        {
            services.AddSingleton(provider => channel(provider.GetRequiredService<HttpPost>()));
        }
    });

    private static IApprovalStore StoreOf(TestServer server) => server.Services.GetRequiredService<IApprovalStore>();

    private static async Task<IReadOnlyList<ApprovalNotice>> NoticesAsync(TestServer server, ApprovalRequest asked, Func<IReadOnlyList<ApprovalNotice>, bool> until)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var notices = (await StoreOf(server).GetAsync(asked.Id, default))!.Notices;
            if (notices.Count > 0 && until(notices))
            {
                return notices;
            }
            await poll.WaitForNextTickAsync();
        }
    }
}
