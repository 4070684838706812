using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Approvals;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Server.Tests.Logs;

/// <summary>
/// A key and a card number, said by everybody who can say something: none of it is in logs, timelines, audit, failures or problems. An e-mail address is not in logs and not
/// in what a step threw. Documents, which the model and approvers need, have all of it.
/// </summary>
public sealed class PlantedSecretTests(ITestOutputHelper output)
{
    private const string Key = "sk-plantedplanted1234567890";
    private const string Card = "4111 1111 1111 1111";
    private const string Mail = "planted@customer.example";
    private const string Planted = $"key {Key}, card {Card}, mail {Mail}";
    private static readonly string[] Secrets = ["plantedplanted", "1111 1111"];

    [Fact(Timeout = 60_000)]
    public async Task Nowhere_but_in_documents()
    {
        using var logs = new Lines();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Warning).AddProvider(logs));
        var channel = new RecordingChannel(_ => new DeliveryResult.Failed($"https://hooks.slack.com/services/T00/B00/plantedplanted said 403: {Planted}", Final: true));
        var model = new ScriptedChatModel(Answer);
        await using var server = await TestServer.StartAsync(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IChatModelCatalog>(model));
            services.AddSingleton<IApprovalChannel>(channel);
            services.Decorate<IToolCatalog>(Planting);
        }, loggers);

        foreach (var (id, decision) in ((string, string)[])[("s-1", "reject"), ("s-2", "approve")])
        {
            await StartAsync(server, id);
            await DecideAsync(server, id, decision);
            await server.Services.GetRequiredService<SessionService>().WaitForEndAsync(id, CancellationToken.None);
        }

        var shown = new List<(string Where, string Text)>(logs.All.Select(line => ("log", line)));
        foreach (var id in (string[])["s-1", "s-2"])
        {
            shown.Add(($"timeline of {id}", await server.Http.GetStringAsync($"api/sessions/{id}/timeline")));
            var session = await server.Http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}");
            shown.Add(($"failure of {id}", session.TryGetProperty("failure", out var failure) ? failure.GetRawText() : ""));
            var history = await server.Services.GetRequiredService<IOrchestrationClient>().GetHistoryAsync(id) ?? [];
            shown.AddRange(history.Where(entry => entry.Failure is not null).Select(entry => ($"history of {id}", entry.Failure!.ToString())));
            var approvals = await server.Services.GetRequiredService<IApprovalStore>().ListAsync(new ApprovalQuery { SessionId = id }, default);
            shown.AddRange(approvals.SelectMany(request => request.Notices).Select(notice => ($"notice of {id}", notice.Error ?? "")));
        }
        shown.AddRange((await ProblemsAsync(server)).Select(text => ("problem", text)));

        foreach (var (where, text) in shown.Where(entry => Secrets.Any(secret => entry.Text.Contains(secret, StringComparison.Ordinal))
            || (entry.Where is "log" or "history of s-1" or "history of s-2" && entry.Text.Contains(Mail, StringComparison.Ordinal))))
        {
            output.WriteLine($"{where}: {text}");
            Assert.Fail($"{where}: {text}");
        }
        Assert.Contains(shown, entry => entry.Where == "log" && entry.Text.Contains("threw in session", StringComparison.Ordinal));
        Assert.Contains(shown, entry => entry.Where.StartsWith("notice", StringComparison.Ordinal) && entry.Text.Contains("403", StringComparison.Ordinal));
        Assert.Contains(shown, entry => entry.Where.StartsWith("failure", StringComparison.Ordinal) && entry.Text.Contains("[redacted", StringComparison.Ordinal));
        Assert.Contains(shown, entry => entry.Where == "problem" && entry.Text.Contains("[redacted", StringComparison.Ordinal));
        // What the model was shown still has it.
        Assert.Contains(model.Requests, request => request.Messages.Any(message => message.Content.Contains(Card, StringComparison.Ordinal)));
    }

    private static ChatResult Answer(ChatRequest request) => request.Turn switch
    {
        1 => ScriptedChatModel.Plan(new Plan
        {
            Reason = $"Looking with {Planted}.",
            Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 }), ScriptedChatModel.Step("find", "search_orders", new { payment_status = "paid" })],
        }),
        2 => ScriptedChatModel.Plan(new Plan { Reason = "Noting.", Steps = [ScriptedChatModel.Step("note", "add_note", new { order_id = 1042, text = Planted })] }),
        3 => ScriptedChatModel.Plan(new Plan { Reason = "Paying.", Steps = [ScriptedChatModel.Step("pay", "issue_refund", new { order_id = 1042, reason = Planted })] }),
        _ => new ChatResult.Failed(ChatFailureKind.Unauthorized, $"Incorrect API key provided: {Key}. {Planted}", Billed: false),
    };

    private static ReplacedTool Planting(IToolCatalog tools)
    {
        var looks = new ReplacedTool(tools, "get_order", (_, _) => Task.FromResult<ToolResult>(
            new ToolResult.Success(JsonSerializer.SerializeToElement(new { order_id = 1042, status = Planted, total = 19.9 }))));
        var throws = new ReplacedTool(looks, "search_orders", (_, _) => throw new InvalidOperationException(Planted, new TimeoutException(Planted)));
        return new ReplacedTool(throws, "add_note", (_, _) => Task.FromResult(ToolResult.Permanent($"Refused: {Planted}", $"Try without {Planted}.")));
    }

    private static async Task StartAsync(TestServer server, string id)
    {
        var response = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal = $"Refund order 1042. {Planted}",
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal", note = Planted },
            sessionId = id,
        });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task DecideAsync(TestServer server, string id, string decision)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync())
        {
            var asked = await server.Services.GetRequiredService<IApprovalStore>().ListAsync(new ApprovalQuery { SessionId = id }, default);
            if (!asked.Any(request => request.Notices.Any(notice => notice.Error is not null)))
            {
                continue;
            }
            var found = await server.Http.GetFromJsonAsync<JsonElement>($"api/approvals?session={id}&status=Pending");
            foreach (var approval in found.GetProperty("approvals").EnumerateArray())
            {
                var response = await server.Http.PostAsJsonAsync(
                    $"api/approvals/{approval.GetProperty("id").GetString()}/decision",
                    new { decision, argumentsHash = approval.GetProperty("argumentsHash").GetString(), approver = "ada", reason = $"Because of {Planted}" });
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
                return;
            }
        }
    }

    /// <summary>Everything that can be asked for by a name.</summary>
    private static async Task<List<string>> ProblemsAsync(TestServer server)
    {
        var problems = new List<string>();
        foreach (var path in (string[])["api/sessions/", "api/approvals/", "api/agents/", "api/sessions?status=", "api/sessions?cursor=", "api/approvals?status="])
        {
            problems.Add(await (await server.Http.GetAsync(path + Uri.EscapeDataString(Key))).Content.ReadAsStringAsync());
        }
        foreach (var body in (object[])[new { agent = Key, goal = "x" }, new { agent = "order-desk", goal = "x", limits = Key }, new { agent = "order-desk", sessionId = Key + "!", goal = "x" }])
        {
            problems.Add(await (await server.Http.PostAsJsonAsync("api/sessions", body)).Content.ReadAsStringAsync());
        }
        return problems;
    }

    /// <summary>Every line as it was logged, before any formatter.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
