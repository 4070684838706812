using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Tests.Cli;
using AgentWorkflows.Server.Tests.Http;
using AgentWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Logs;

/// <summary><c>log_fields</c> of the sample's <c>issue_refund</c> leave its reason out: nobody reads it in a timeline, and whoever has to decide still does.</summary>
public sealed class LoggedFieldsTests
{
    private const string Planned = "Quarrel-7731 with the neighbour";
    private const string Edited = "Quarrel-8842 settled";

    [Fact(Timeout = 60_000)]
    public async Task Only_listed_fields_are_in_timelines_whoever_asks()
    {
        var model = ScriptedChatModel.ByTurn(
            new Plan { Reason = $"Because of the {Planned}.", Steps = [ScriptedChatModel.Step("pay", "issue_refund", new { order_id = 1042, reason = Planned })] },
            new Plan { Answer = "It was refunded." });
        await using var server = await TestServer.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<IChatModelCatalog>(model)));
        await server.StartSessionAsync("s-1", "refund order 1042");
        var approval = await NextAsync(server);

        Assert.Equal(Planned, approval.GetProperty("arguments").GetProperty("reason").GetString());
        var decided = await server.Http.PostAsJsonAsync($"api/approvals/{approval.GetProperty("id").GetString()}/decision", new
        {
            decision = "edit",
            arguments = new { order_id = 1042, reason = Edited },
            argumentsHash = approval.GetProperty("argumentsHash").GetString(),
            approver = "ada",
        });
        Assert.True(decided.IsSuccessStatusCode, await decided.Content.ReadAsStringAsync());
        await EndAsync(server, "s-1");
        var forked = await server.Http.PostAsJsonAsync("api/sessions/s-1/fork", new { turn = 1, sessionId = "s-2" });
        Assert.True(forked.IsSuccessStatusCode, await forked.Content.ReadAsStringAsync());
        await EndAsync(server, "s-2");

        var url = server.Http.BaseAddress!.ToString();
        var shown = await Shell.RunAsync(200, "show", "s-1", "--details", "--url", url);
        Assert.Equal(ExitCodes.Completed, shown.ExitCode);
        var timeline = await server.Http.GetStringAsync("api/sessions/s-1/timeline");
        Assert.Contains("(not logged)", timeline, StringComparison.Ordinal);
        Assert.Contains("1042", timeline, StringComparison.Ordinal);
        Assert.All(
            (string[])[timeline, await server.Http.GetStringAsync("api/sessions/s-2/timeline"), shown.Output,
                (await Shell.RunAsync(200, "show", "s-1", "--json", "--url", url)).Output],
            text =>
            {
                Assert.DoesNotContain("Quarrel", text, StringComparison.OrdinalIgnoreCase);
                Assert.NotEqual("", text);
            });
        // The model is told what ran.
        Assert.Contains(model.Requests[1].Messages, message => message.Content.Contains(Edited, StringComparison.Ordinal));
    }

    private static async Task<JsonElement> NextAsync(TestServer server)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync())
        {
            var found = await server.Http.GetFromJsonAsync<JsonElement>("api/approvals?session=s-1&status=Pending");
            if (found.GetProperty("approvals").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } approval)
            {
                return await server.Http.GetFromJsonAsync<JsonElement>($"api/approvals/{approval.GetProperty("id").GetString()}");
            }
        }
        throw new InvalidOperationException();
    }

    private static async Task EndAsync(TestServer server, string id) =>
        await server.Services.GetRequiredService<AgentWorkflows.Sessions.SessionService>().WaitForEndAsync(id, CancellationToken.None);
}
