using AgentWorkflows.Models;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.TestSupport.Chat;
using Xunit;

namespace AgentWorkflows.Server.Tests.Processes;

/// <summary><c>kill -9</c> of the real program while it waits for a model's Retry-After.</summary>
public sealed class RetryAfterKillTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("agentworkflows-kill-").FullName;

    [Fact(Timeout = 120_000)]
    public async Task While_a_model_asks_for_patience_the_wait_goes_on_after_the_restart_for_what_is_left()
    {
        var wait = TimeSpan.FromSeconds(5);
        await using var endpoint = await FakeChatEndpoint.StartAsync(
            call => call.Number == 1 ? FakeChatReply.Error(429, retryAfter: "5") : ModelWorld.LookThenAnswer(call, new ChatUsage(1000, 0, 100)));
        string[] environment = [$"OPENAI_BASE_URL={endpoint.BaseAddress}", "OPENAI_API_KEY=key-1", $"OPENAI_MODEL={ModelWorld.Deployment}"];
        await using (var server = await ServerProcess.StartAsync(_data, environment))
        {
            await server.StartSessionAsync("s-1", "Where is order 1042?");
            await server.UntilAsync("the refusal is in the timeline", async () =>
                (await server.GetAsync("api/sessions/s-1/timeline")).GetRawText().Contains("model_rate_limited", StringComparison.Ordinal));
            await server.KillAsync();
        }
        await using var again = await ServerProcess.StartAsync(_data, environment);

        await again.EndOfAsync("s-1", "Completed");

        var gap = endpoint.Calls[1].At - endpoint.Calls[0].At;
        Assert.InRange(gap, wait, wait + TimeSpan.FromSeconds(6));
        Assert.Equal(3, endpoint.Calls.Count);
        var entries = (await again.GetAsync("api/sessions/s-1/ledger")).GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(2, entries.Count(entry => entry.GetProperty("status").GetString() == "Settled" && entry.GetProperty("kind").GetString() == "Model"));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);
}
