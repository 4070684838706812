using System.Text;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Functions.Hosting;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Functions.Tests.Conformance;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>The host as it is composed, on the storage emulator and the official engine, spoken to over its routes.</summary>
public sealed class HostedSessionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _agents = Directory.CreateTempSubdirectory("agentworkflows-agents-");
    private ServiceProvider _services = null!;
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

    public async Task InitializeAsync()
    {
        if (Azurite.MissingReason is not null)
        {
            return;
        }
        var services = new ServiceCollection().AddLogging();
        await Composition.AddAsync(services, await SettingsAsync(), CancellationToken.None);
        _services = services.BuildServiceProvider();
        _engine = await DurableTaskEngine.OpenAsync(_services.GetRequiredService<DurableRegistry>(), _services);
        _services.GetRequiredService<CurrentClient>().Use(_engine.DurableTaskClient);
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
            await _services.DisposeAsync();
        }
        _agents.Delete(recursive: true);
        Azurite.Stop();
    }

    private async Task<HostSettings> SettingsAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "agents");
        var desk = _agents.CreateSubdirectory("note-desk");
        foreach (var file in new[] { "prices.yaml", "note-desk/agent.yaml", "note-desk/playbook.yaml" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(_agents.FullName, file));
        }
        Assert.True(desk.Exists);
        return new HostSettings
        {
            StorageConnection = (await Azurite.GetAsync()).ConnectionString,
            TablePrefix = "hosted",
            AgentsDirectory = _agents.FullName,
            ApprovalKeys = ApprovalKeyRing.Parse("k:" + Convert.ToBase64String(new byte[32])).Ring!,
        };
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

/// <summary>Skipped where the storage emulator is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute()
    {
        Skip = Azurite.MissingReason;
        Timeout = 120_000;
    }
}
