using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Costs;
using AgentWorkflows.Engine.Tests;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Tests.Approvals;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Words;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Reports;

/// <summary>Yesterday's report on its way to channels that are really there.</summary>
public sealed class ReportDeliveryTests : IAsyncLifetime
{
    private const int Timeout = 60_000;
    private static readonly DateTimeOffset Day = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new();
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var (ledger, sessions) = (_server.Services.GetRequiredService<ICostLedger>(), _server.Services.GetRequiredService<ISessionStore>());
        await sessions.TryCreateAsync(SessionFacts.Session("s-1", Day, agent: "[order](https://evil.example)*desk*"), default);
        await sessions.UpdateProgressAsync("s-1", new SessionProgress { Revision = 1, Status = SessionStatus.Completed }, Day, default);
        await ledger.ReserveAsync(LedgerFacts.Entry("e-1"), 1_234_500, [], Day, default);
        await ledger.SettleAsync("e-1", new CostActual(1_234_500), Day, default);
        At(1, 6, 0);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact(Timeout = Timeout)]
    public async Task A_webhook_is_sent_what_the_API_answers_signed_and_under_the_days_id()
    {
        await using var sink = new HttpSink();
        using var http = new HttpPost();
        var delivery = Delivery(new WebhookChannel(new WebhookOptions("hook", sink.Url) { Secret = new byte[32] }, http, _clock));

        Assert.Equal(["hook"], await delivery.RunDueAsync(default));

        var post = await sink.NextAsync();
        Assert.Equal("rpt_2026-03-05", post.Headers["webhook-id"]);
        Assert.Equal(WebhookChannel.Sign(new byte[32], "rpt_2026-03-05", post.Headers["webhook-timestamp"], post.Body), post.Headers["webhook-signature"]);
        var body = JsonDocument.Parse(post.Text).RootElement;
        Assert.Equal("report.daily", body.GetProperty("type").GetString());
        var answer = JsonDocument.Parse(await _server.Http.GetStringAsync("api/reports/daily?date=2026-03-05")).RootElement;
        Assert.True(JsonElement.DeepEquals(answer, body.GetProperty("data")), post.Text);
    }

    [Fact(Timeout = Timeout)]
    public async Task Teams_Slack_and_mail_tell_the_same_and_what_users_named_stays_text()
    {
        await using var teams = new HttpSink();
        await using var slack = new HttpSink();
        await using var mails = new SmtpSink();
        using var http = new HttpPost();
        var delivery = Delivery(
            new TeamsChannel(new WebhookOptions("teams", teams.Url), http), new SlackChannel(new WebhookOptions("slack", slack.Url), http),
            new SmtpChannel(new SmtpOptions { Host = "localhost", Port = mails.Port, From = "agents@example.com", Tls = SmtpTls.None, To = ["ann@example.com", "bo@example.com"] }));

        Assert.Equal(["teams", "slack", "email"], await delivery.RunDueAsync(default));

        var mail = MailReader.Of(await mails.NextAsync());
        Assert.Contains("Message-ID: <rpt_2026-03-05@example.com>", mail.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ann@example.com, bo@example.com", mail.Headers, StringComparison.Ordinal);
        foreach (var text in new[] { (await teams.NextAsync()).Text, (await slack.NextAsync()).Text, mail.Plain, mail.Html })
        {
            Assert.Contains("2026-03-05", text, StringComparison.Ordinal);
            Assert.Contains("$1.2345", text, StringComparison.Ordinal);
            Assert.Contains("1 started, 1 completed", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<a href=\"https://evil", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"[order](https", text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task It_is_sent_once_a_day_after_the_hour_whoever_asks()
    {
        var channel = new Recorder("mail");
        At(1, 5, 59);
        Assert.Empty(await Delivery(channel).RunDueAsync(default));
        At(1, 6, 0);
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Delivery(channel).RunDueAsync(default)));
        At(1, 23, 59);
        await Delivery(channel).RunDueAsync(default);
        Assert.Single(sent, channels => channels.Count == 1);
        Assert.Equal(["rpt_2026-03-05"], channel.Sent);

        At(2, 6, 0);
        await Delivery(channel).RunDueAsync(default);

        Assert.Equal(["rpt_2026-03-05", "rpt_2026-03-06"], channel.Sent);
    }

    [Fact(Timeout = Timeout)]
    public async Task After_a_crash_between_sending_and_noting_it_is_sent_again()
    {
        var channel = new Recorder("mail");
        var claims = _server.Services.GetRequiredService<IDailyClaims>();
        await Assert.ThrowsAsync<IOException>(() => Delivery(new DyingClaims(claims), channel).RunDueAsync(default));
        Assert.Empty(await Delivery(channel).RunDueAsync(default));
        At(1, 6, 10);

        Assert.Equal(["mail"], await Delivery(channel).RunDueAsync(default));

        Assert.Equal(["rpt_2026-03-05", "rpt_2026-03-05"], channel.Sent);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_channel_that_fails_is_tried_again_and_holds_no_other_up_and_a_final_refusal_ends_it()
    {
        var failing = new Recorder("down", new DeliveryResult.Failed("no connection.", Final: false), new DeliveryResult.Delivered());
        var refusing = new Recorder("gone", new DeliveryResult.Failed("answered 410.", Final: true));
        var well = new Recorder("well");

        Assert.Equal(["well"], await Delivery(failing, refusing, well).RunDueAsync(default));
        At(1, 6, 10);
        Assert.Equal(["down"], await Delivery(failing, refusing, well).RunDueAsync(default));
        At(1, 7, 0);
        Assert.Empty(await Delivery(failing, refusing, well).RunDueAsync(default));

        Assert.Equal((2, 1, 1), (failing.Sent.Count, refusing.Sent.Count, well.Sent.Count));
    }

    [Fact(Timeout = Timeout)]
    public async Task Nothing_is_sent_unless_a_channel_is_chosen()
    {
        var channel = new Recorder("mail");

        Assert.Empty(await Delivery(_server.Services.GetRequiredService<IDailyClaims>(), new ReportDeliveryOptions(), channel).RunDueAsync(default));

        Assert.Empty(channel.Sent);
    }

    [Theory]
    [InlineData("Reports:Hour", "24")]
    [InlineData("Reports:Hour", "six")]
    [InlineData("Reports:Channels", "mial")]
    [InlineData("Reports:Channel", "mail")]
    public void A_wrong_setting_is_named(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.StartsWith(key, Assert.Single(ReportDeliveryOptions.Read(configuration, ["mail", "teams"]).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_are_a_list_or_a_line()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Reports:Hour", "0"), new("Reports:Channels", "mail, teams")]).Build();
        var (options, problems) = ReportDeliveryOptions.Read(configuration, ["mail", "teams"]);

        Assert.Empty(problems);
        Assert.Equal(0, options.Hour);
        Assert.Equal(["mail", "teams"], options.Channels);
    }

    private void At(int daysAfter, int hour, int minute) => _clock.SetUtcNow(new DateTimeOffset(2026, 3, 5, hour, minute, 0, TimeSpan.Zero).AddDays(daysAfter));

    private ReportDelivery Delivery(params IBulletinChannel[] channels) => Delivery(_server.Services.GetRequiredService<IDailyClaims>(), channels);

    private ReportDelivery Delivery(IDailyClaims claims, params IBulletinChannel[] channels) =>
        Delivery(claims, new ReportDeliveryOptions { Channels = [.. channels.Select(channel => channel.Name)] }, channels);

    private ReportDelivery Delivery(IDailyClaims claims, ReportDeliveryOptions options, params IBulletinChannel[] channels) => new(
        _server.Services.GetRequiredService<ReportService>(), claims, channels, new ReportDocument(), options,
        new ApprovalLinkOptions { PublicUrl = new Uri("https://agents.example.com/") }, _clock, NullLogger<ReportDelivery>.Instance);

    private sealed class Recorder(string name, params DeliveryResult[] answers) : IBulletinChannel
    {
        public List<string> Sent { get; } = [];

        public string Name => name;

        public Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken)
        {
            lock (Sent)
            {
                Sent.Add(bulletin.Id);
                return Task.FromResult(answers.Length >= Sent.Count ? answers[Sent.Count - 1] : new DeliveryResult.Delivered());
            }
        }
    }

    /// <summary>The process dies before it can note that the work is done.</summary>
    private sealed class DyingClaims(IDailyClaims claims) : IDailyClaims
    {
        public Task<DailyClaim> TryTakeAsync(string work, DateOnly day, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken) =>
            claims.TryTakeAsync(work, day, now, hold, cancellationToken);

        public Task CompleteAsync(string work, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException("The process died.");
    }
}
