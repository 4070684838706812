using System.Text;
using System.Text.Json;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A tool may do what it likes: the session goes on with a result the model can use, and so does the host.</summary>
public sealed class MisbehavingToolTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public Task One_that_never_answers_times_out() =>
        MeetsAsync((_, cancellation) => Never(cancellation), "did not answer within 0.3 s", "It may be tried again.");

    [Fact(Timeout = Timeout)]
    public async Task One_that_ignores_cancellation_is_abandoned()
    {
        using var end = new ManualResetEventSlim();
        await MeetsAsync((_, _) =>
        {
            end.Wait(CancellationToken.None);
            return Task.FromResult(Nothing);
        }, "did not answer within 0.3 s", "It may be tried again.");
        end.Set();
    }

    [Fact(Timeout = Timeout)]
    public Task One_that_throws_tells_the_model_nothing_of_the_inside() =>
        MeetsAsync((_, _) => throw new InvalidOperationException("Password=hunter2"), "failed unexpectedly", "Do not repeat the same call");

    [Fact(Timeout = Timeout)]
    public Task One_that_answers_null_is_a_failure() => MeetsAsync((_, _) => Task.FromResult<ToolResult>(null!), "failed unexpectedly", "Do not repeat");

    [Fact(Timeout = Timeout)]
    public Task One_that_answers_no_value_is_a_failure() =>
        MeetsAsync((_, _) => Task.FromResult<ToolResult>(new ToolResult.Success(default)), "returned nothing", "another tool");

    [Fact(Timeout = Timeout)]
    public Task One_that_answers_200_megabytes_is_asked_for_less()
    {
        var huge = new byte[200 * 1024 * 1024];
        huge.AsSpan().Fill((byte)'x');
        huge[0] = huge[^1] = (byte)'"';
        return MeetsAsync((_, _) => Succeed(huge), "returned 204800 KiB; at most 256 KiB can be read", "Ask for less");
    }

    [Theory(Timeout = Timeout)]
    [InlineData("\"a\u00ff\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    public Task One_whose_text_is_no_Unicode_is_a_failure(string json) =>
        MeetsAsync((_, _) => Succeed(Encoding.Latin1.GetBytes(json)), "not valid Unicode", "another tool");

    [Fact(Timeout = Timeout)]
    public Task One_that_nests_deeply_is_asked_for_less() =>
        MeetsAsync((_, _) => Succeed(Encoding.UTF8.GetBytes(new string('[', 60) + new string(']', 60))), "nested deeper than 32 levels", "Ask for less");

    [Fact(Timeout = Timeout)]
    public Task One_whose_message_is_endless_is_cut_short() => MeetsAsync(
        (_, _) => Task.FromResult(ToolResult.Permanent(new string('m', 1_000_000), new string('s', 1_000_000))), new string('m', 2000) + "…", new string('s', 2000) + "…");

    [Fact(Timeout = Timeout)]
    public async Task One_that_calls_back_into_its_session_and_waits_for_its_end_times_out()
    {
        SessionWorld world = null!;
        await MeetsAsync(async (invocation, cancellation) =>
        {
            await world.EndOfAsync(invocation.SessionId).WaitAsync(cancellation);
            return Nothing;
        }, "did not answer within 0.3 s", "It may be tried again.", created => world = created);
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_ends_its_own_session_ends_it()
    {
        SessionWorld world = null!;
        await using (world = await SessionWorld.StartAsync(Model(), all => new ReplacedTool(all, "get_order", async (invocation, original) =>
        {
            await world.Terminations.TerminateAsync(invocation.SessionId, "the tool says so", false, default);
            return await original.ExecuteAsync(invocation, default);
        })))
        {
            var id = await world.StartSessionAsync("look");

            Assert.Equal(SessionStatus.Terminated, (await world.EndOfAsync(id)).Status);
        }
    }

    private static ToolResult Nothing { get; } = new ToolResult.Success(JsonElement.Parse("null"));

    private static async Task<ToolResult> Never(CancellationToken cancellation)
    {
        await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, cancellation);
        return Nothing;
    }

    private static Task<ToolResult> Succeed(byte[] json) => Task.FromResult<ToolResult>(new ToolResult.Success(JsonDocument.Parse(json).RootElement));

    private static ScriptedChatModel Model() => ScriptedChatModel.ByTurn(
        new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 }) with { TimeBudgetSeconds = 0.3 }] },
        new Plan { Answer = "The order could not be read." });

    private static async Task MeetsAsync(
        Func<ToolInvocation, CancellationToken, Task<ToolResult>> tool, string message, string suggestion, Action<SessionWorld>? created = null)
    {
        var model = Model();
        await using var world = await SessionWorld.StartAsync(model, all => new ReplacedTool(all, "get_order", (invocation, _, cancellation) => tool(invocation, cancellation)));
        created?.Invoke(world);
        var id = await world.StartSessionAsync("look", new RequestedLimits { MaxRetries = 0 });

        var view = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, "The order could not be read."), (view.Status, view.Session.Progress.Answer));
        var told = model.Requests[^1].Messages.Last(said => said.Role == ChatRole.Tool).Content;
        var observation = JsonElement.Parse(told);
        Assert.Equal("Failed", observation.GetProperty("status").GetString(), ignoreCase: true);
        Assert.Contains(message, observation.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(suggestion, observation.GetProperty("suggestion").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
        // The host is as well as before.
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(await world.StartSessionAsync("look again", new RequestedLimits { MaxRetries = 0 }))).Status);
    }
}
