using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Costs;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Reports;

/// <summary>The daily report over HTTP, on entries and sessions of a day in the past.</summary>
public sealed class DailyReportApiTests
{
    private const int Timeout = 60_000;

    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = Timeout)]
    public async Task Report_AddsUpTheDayAndNothingElse()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server);

        var report = await server.Http.GetFromJsonAsync<JsonElement>("api/reports/daily?date=2026-03-05");

        Assert.Equal(0.0005m, report.GetProperty("spend").GetProperty("costUsd").GetDecimal());
        Assert.Equal(2, report.GetProperty("sessions").GetProperty("started").GetInt32());
        Assert.Equal(1, report.GetProperty("sessions").GetProperty("succeeded").GetInt32());
        var refund = report.GetProperty("byTaskType")[0];
        Assert.Equal(("refund", 0.0005m), (refund.GetProperty("key").GetString(), refund.GetProperty("costPerSuccessUsd").GetDecimal()));
        Assert.Equal(0.4995m, report.GetProperty("roi").GetProperty("savedUsd").GetDecimal());
        Assert.True(report.GetProperty("complete").GetBoolean());
        Assert.Equal(24, report.GetProperty("spendByHourUsd").GetArrayLength());
    }

    [Fact(Timeout = Timeout)]
    public async Task Csv_HasTheDaysEntries()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server);

        var response = await server.Http.GetAsync(new Uri("api/reports/daily?date=2026-03-05&format=csv", UriKind.Relative));

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("entry_id,session_id", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("e-1,s-1,", StringComparison.Ordinal) && line.Contains(",0.000300,", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task AUserWhoIsNoOperator_SeesTheirOwnDayOnly()
    {
        await using var server = await TestServer.StartAsync(Key("reader", ApiRoles.Read, "u-2"), Key("boss", ApiRoles.Operate, "ops"));
        await FillAsync(server);

        var own = await GetAsync(server, "reader", "api/reports/daily?date=2026-03-05&user=u-1");
        Assert.Equal(("u-2", 0.0002m), (own.GetProperty("user").GetString(), own.GetProperty("spend").GetProperty("costUsd").GetDecimal()));
        Assert.Equal(0, own.GetProperty("sessions").GetProperty("started").GetInt32());

        var all = await GetAsync(server, "boss", "api/reports/daily?date=2026-03-05");
        Assert.Equal(0.0005m, all.GetProperty("spend").GetProperty("costUsd").GetDecimal());
        var one = await GetAsync(server, "boss", "api/reports/daily?date=2026-03-05&user=u-1");
        Assert.Equal(0.0003m, one.GetProperty("spend").GetProperty("costUsd").GetDecimal());
    }

    [Theory(Timeout = Timeout)]
    [InlineData("date=yesterday", "?date")]
    [InlineData("date=2026-02-30", "?date")]
    [InlineData("date=9999-01-01", "?date")]
    [InlineData("format=xml", "?format")]
    public async Task AWrongQuery_IsRefusedByName(string query, string path)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Http.GetAsync(new Uri($"api/reports/daily?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(path, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task FillAsync(TestServer server)
    {
        var ledger = server.Services.GetRequiredService<ICostLedger>();
        var sessions = server.Services.GetRequiredService<ISessionStore>();
        await sessions.TryCreateAsync(SessionFacts.Session("s-1", Noon), default);
        await sessions.UpdateProgressAsync("s-1", new SessionProgress { Revision = 1, Status = SessionStatus.Completed }, Noon, default);
        await sessions.TryCreateAsync(SessionFacts.Session("s-2", Noon.AddHours(11)), default);
        await sessions.TryCreateAsync(SessionFacts.Session("s-3", Noon.AddHours(12)), default);
        await SpendAsync(ledger, LedgerFacts.Entry("e-1"), 300, Noon);
        await SpendAsync(ledger, LedgerFacts.Entry("e-2", "s-2") with { UserId = "u-2" }, 200, Noon.AddHours(11));
        await SpendAsync(ledger, LedgerFacts.Entry("e-3", "s-3"), 999, Noon.AddHours(12));
        await SpendAsync(ledger, LedgerFacts.Entry("e-4", "s-3"), 999, Noon.AddHours(-13));
    }

    private static async Task SpendAsync(ICostLedger ledger, CostEntry entry, long micros, DateTimeOffset at)
    {
        await ledger.ReserveAsync(entry, micros, [], at, default);
        await ledger.SettleAsync(entry.Id, new CostActual(micros), at, default);
    }

    private static ApiKey Key(string key, ApiRoles roles, string user) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles, user);

    private static async Task<JsonElement> GetAsync(TestServer server, string key, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
