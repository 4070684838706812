using System.Text;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Functions.Tests.Conformance;
using AgentWorkflows.Functions.Timers;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>The host as it is composed, on the storage emulator and the official engine, spoken to over its routes.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class HostedSessionTests : IAsyncLifetime
{
    private IHost _host = null!;
    private IServiceProvider _services = null!;
    private DurableTaskEngine _engine = null!;

    [AzuriteFact]
    public async Task A_note_is_written_after_a_person_agrees()
    {
        var started = await CallAsync("POST", "/api/sessions", """
            {"agent": "note-desk", "goal": "Leave a note on lunch: the soup is hot", "taskType": "note",
             "context": {"project_id": "p", "user_id": "u-1", "budget_limit": 0.5, "task_priority": "normal"}}
            """);
        var id = started.GetProperty("id").GetString()!;
        var approval = await PendingAsync(id);
        await CallAsync("POST", $"/api/approvals/{approval.Id}/decision",
            JsonSerializer.Serialize(new { decision = "approve", approver = "bo", argumentsHash = approval.ArgumentsHash }));

        var ended = await _services.GetRequiredService<SessionService>().WaitForEndAsync(id, CancellationToken.None);

        Assert.Equal((SessionStatus.Completed, "The note is on lunch: \"the soup is hot\""), (ended!.Status, ended.Session.Progress.Answer));
        var costs = await _services.GetRequiredService<ICostLedger>().ListAsync(id, CancellationToken.None);
        Assert.All(costs, entry => Assert.Equal(LedgerEntryStatus.Settled, entry.Status));
        Assert.Equal(ended.Session.Progress.CostMicros, costs.Sum(entry => entry.CostMicros));
        Assert.Equal(id, (await CallAsync("GET", "/api/sessions")).GetProperty("sessions")[0].GetProperty("id").GetString());
    }

    [AzuriteFact]
    public async Task Readiness_costs_one_read_of_the_task_hub_and_one_of_the_store()
    {
        var (reads, queries) = (_engine.Requests.Reads, _engine.Requests.Queries);

        var ready = await CallAsync("GET", "/health/ready");

        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Equal((reads + 1, queries), (_engine.Requests.Reads, _engine.Requests.Queries));
    }

    [AzuriteFact]
    public async Task The_daily_work_is_done_once_a_day()
    {
        var timers = ActivatorUtilities.CreateInstance<TimerFunctions>(_services);

        await timers.DoDailyWorkAsync(new TimerInfo(), _engine.DurableTaskClient, CancellationToken.None);

        Assert.Null(await _services.GetRequiredService<RetentionRun>().RunDueAsync(CancellationToken.None));
    }

    [AzuriteFact]
    public async Task The_host_says_whether_it_is_fit_for_production()
    {
        var report = await CallAsync("GET", "/api/readiness");

        var codes = report.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("subject").GetString() == "host").Select(finding => finding.GetProperty("code").GetString());
        Assert.Equal(
            ["agents_valid", "model_configured", "keys_set", "approvals_reachable", "storage_by_identity", "links_lead_here", "telemetry_sent", "no_stuck_sessions"],
            codes);
    }

    public async Task InitializeAsync()
    {
        if (Azurite.MissingReason is not null)
        {
            return;
        }
        _host = await HostedSettings.BuildAsync("hosted");
        _services = _host.Services;
        // What the worker's middleware does before a function runs.
        await _services.GetRequiredService<StorageTables>().EnsureAsync(CancellationToken.None);
        _engine = await DurableTaskEngine.OpenAsync(_services.GetRequiredService<DurableRegistry>(), _services);
        _services.GetRequiredService<CurrentClient>().Use(_engine.DurableTaskClient);
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
            _host.Dispose();
        }
    }

    private Task<ApprovalRequest> PendingAsync(string sessionId) => AgentWorkflows.Conformance.EngineRun.EventuallyAsync<ApprovalRequest?>(
        async () => await _services.GetRequiredService<IApprovalStore>().ListAsync(new ApprovalQuery { SessionId = sessionId }, CancellationToken.None)
            is [var asked, ..] ? asked : null,
        request => request is { Status: ApprovalStatus.Pending })!;

    private async Task<JsonElement> CallAsync(string method, string path, string? body = null)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = path;
        if (body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }
        context.Response.Body = new MemoryStream();
        await _services.GetRequiredService<RouteTable>().InvokeAsync(context);
        context.Response.Body.Position = 0;
        var answer = await new StreamReader(context.Response.Body).ReadToEndAsync();
        Assert.True(context.Response.StatusCode < 300, $"{method} {path}: {context.Response.StatusCode} {answer}");
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }
}
