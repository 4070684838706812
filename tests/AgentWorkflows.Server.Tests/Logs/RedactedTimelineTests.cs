using System.Text.Json;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Logs;

public sealed class RedactedTimelineTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_a_tool_and_a_model_let_slip_is_not_in_the_timeline()
    {
        var key = "sk-" + "abcdefghijklmnop1234";
        var result = JsonSerializer.SerializeToElement(new { note = $"use {key}", password = "hunter22", card = "4111 1111 1111 1111", total = 19.9 });
        await using var world = await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(
                new Plan { Reason = $"Looking with {key}.", Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 })] },
                new Plan { Answer = "The order was 19.90 USD." }),
            all => new ReplacedTool(all, "get_order", (_, _) => Task.FromResult<ToolResult>(new ToolResult.Success(result))));
        var id = await world.StartSessionAsync("look");
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);

        var timeline = JsonSerializer.Serialize(await world.Store.ListTimelineAsync(id, 0, 100, default));

        Assert.Contains("19.9", timeline, StringComparison.Ordinal);
        Assert.Contains("Looking with", timeline, StringComparison.Ordinal);
        Assert.All((string[])["abcdefghijklmnop", "hunter22", "4111"], secret => Assert.DoesNotContain(secret, timeline, StringComparison.Ordinal));
    }
}
