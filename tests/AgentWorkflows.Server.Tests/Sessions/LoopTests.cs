using AgentWorkflows.Agents;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A model that goes round in circles, in a real session.</summary>
public sealed class LoopTests
{
    private const int Timeout = 60_000;

    private static Plan Look { get; } = new()
    {
        Reason = "Looking at the order again.",
        Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 })],
    };

    [Fact(Timeout = Timeout)]
    public async Task A_looping_model_is_stopped_at_the_second_repetition_after_the_nudge_at_a_stated_cost()
    {
        var model = ScriptedChatModel.ByTurn(Look);
        await using var world = await SessionWorld.StartAsync(model);
        var id = await world.StartSessionAsync("look");

        var view = await world.EndOfAsync(id);

        Assert.Equal(SessionStatus.CompletedPartially, view.Status);
        Assert.Equal((FailureCategory.Quality, "loop"), (view.Failure!.Category, view.Failure.Type));
        Assert.Equal((4, 1), (model.Requests.Count, view.Session.Progress.ToolCalls));
        Assert.Contains(model.Requests[2].Messages, said => said.Content.Contains("the same arguments, as in the turn before", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Requests[2].Messages, said => said.Content.Contains("The session ends when", StringComparison.Ordinal));
        Assert.Contains(model.Requests[3].Messages, said => said.Content.Contains("The session ends when this happens again", StringComparison.Ordinal));
        var entries = await world.Ledger.ListAsync(id, default);
        var repeated = entries.Where(entry => entry.Entry.Turn > 1).Sum(entry => entry.CostMicros);
        Assert.Contains(FormattableString.Invariant($"3 repetitions cost {repeated.Usd:0.000000} USD"), view.Failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_repeats_a_call_the_gate_refuses_is_told_of_the_repetition_too()
    {
        var wrong = Look with { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = "1042" })] };
        var model = ScriptedChatModel.ByTurn(wrong);
        await using var world = await SessionWorld.StartAsync(model);
        var id = await world.StartSessionAsync("look");

        var view = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Halted, "loop", 5), (view.Status, view.Failure?.Type, model.Requests.Count));
        Assert.DoesNotContain(model.Requests[2].Messages, said => said.Content.Contains("Not made", StringComparison.Ordinal));
        Assert.Contains("the same arguments, as in the turn before", model.Requests[3].Messages[^1].Content, StringComparison.Ordinal);
        Assert.Contains("The session ends when this happens again", model.Requests[4].Messages[^1].Content, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_polling_tool_may_be_called_with_the_same_arguments_until_the_limits_end_it()
    {
        var polls = Enumerable.Repeat(Look, 8).Append(new Plan { Answer = "The order is shipped." });
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn([.. polls]), agent: Polling);
        var id = await world.StartSessionAsync("wait until it is shipped");

        var view = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, 8), (view.Status, view.Session.Progress.ToolCalls));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_heeds_the_nudge_goes_on()
    {
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(Look, Look, new Plan { Answer = "It is paid." }));
        var id = await world.StartSessionAsync("look");

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_loop_is_noticed_across_a_restart()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = new ScriptedChatModel(request =>
        {
            if (request.Turn == 3 && reached.TrySetResult())
            {
                throw new IOException("The process is about to end.");
            }
            return ScriptedChatModel.Plan(Look);
        });
        await using var world = await SessionWorld.StartAsync(model);
        var id = await world.StartSessionAsync("look");
        await reached.Task;
        await world.RestartAsync();

        var view = await world.EndOfAsync(id);

        Assert.Equal(("loop", 1, 4), (view.Failure?.Type, view.Session.Progress.ToolCalls, view.Session.Progress.Turn));
    }

    private static AgentDefinition Polling(AgentDefinition agent) => agent with
    {
        Tools = [.. agent.Tools.Select(tool => tool.Name == "get_order" ? tool with { Polling = true } : tool)],
    };
}
