using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Original way → the plan's alternative → a person → the end, each in the timeline.</summary>
public sealed class EscalationTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(DecisionKind.Approve, SessionStatus.Completed)]
    [InlineData(DecisionKind.Reject, SessionStatus.RolledBack)]
    public async Task When_the_way_and_its_alternative_fail_a_person_says_whether_the_session_goes_on(DecisionKind decision, SessionStatus status)
    {
        var alternative = new AlternativeCall { Tool = "search_orders", Arguments = ScriptedChatModel.Step("x", "x", new { customer = "nobody" }).Arguments };
        var model = ScriptedChatModel.ByTurn(
            new Plan
            {
                Steps =
                [
                    ScriptedChatModel.Step("note", "add_note", new { order_id = 1042, text = "hello" }),
                    ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 }, OnFailure.Alternative) with { Alternative = alternative },
                ],
            },
            new Plan { Answer = "Went on without it." });
        await using var world = await SessionWorld.StartAsync(model, tools => new ReplacedTool(
            new ReplacedTool(tools, "get_order", (_, _) => Task.FromResult(ToolResult.Permanent("No.", "Ask elsewhere."))),
            "search_orders", (_, _) => Task.FromResult(ToolResult.Permanent("No.", "Ask elsewhere."))));
        var id = await world.StartSessionAsync("look it up");

        var question = await world.NextApprovalAsync();
        Assert.True(question.IsQuestion);
        await world.DecideAsync(question, decision, "because");

        Assert.Equal(status, (await world.EndOfAsync(id)).Status);
        var titles = (await world.Store.ListTimelineAsync(id, 0, 100, default)).Where(entry => entry.Kind == TimelineKind.Observe).Select(entry => entry.Title).ToList();
        Assert.Contains(titles, title => title.StartsWith("get_order failed", StringComparison.Ordinal) && title.EndsWith("next: the plan's alternative", StringComparison.Ordinal));
        Assert.Contains(titles, title => title.StartsWith("search_orders failed", StringComparison.Ordinal) && title.EndsWith("next: a person decides whether to go on", StringComparison.Ordinal));
        Assert.Equal(status == SessionStatus.Completed ? 1 : 0, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_alternative_that_works_is_enough()
    {
        var model = ScriptedChatModel.ByTurn(
            new Plan
            {
                Steps =
                [
                    ScriptedChatModel.Step("look", "get_order", new { order_id = 99 }, OnFailure.Alternative) with
                    {
                        Alternative = new AlternativeCall { Tool = "get_order", Arguments = ScriptedChatModel.Step("x", "x", new { order_id = 1042 }).Arguments },
                    },
                ],
            },
            new Plan { Answer = "Found." });
        await using var world = await SessionWorld.StartAsync(model);

        var view = await world.EndOfAsync(await world.StartSessionAsync("look it up"));

        Assert.Equal((SessionStatus.Completed, "Found."), (view.Status, view.Session.Progress.Answer));
        Assert.Contains("are not valid", model.Requests[1].Messages.First(message => message.Role == ChatRole.Tool).Content, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, view.Session.Progress.ToolCalls);
    }

    /// <summary>Both people take the same ten minutes; neither the session's age nor its limit on it may count them twice.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Two_reads_that_wait_for_a_person_at_once_count_the_time_once()
    {
        var model = ScriptedChatModel.ByTurn(
            new Plan
            {
                Steps =
                [
                    ScriptedChatModel.Step("one", "get_order", new { order_id = 1042 }, OnFailure.AskHuman),
                    ScriptedChatModel.Step("two", "get_order", new { order_id = 1043 }, OnFailure.AskHuman),
                ],
            },
            new Plan { Answer = "Went on without them." });
        var clock = new ShiftedTime();
        await using var world = await SessionWorld.StartAsync(
            model, tools => new ReplacedTool(tools, "get_order", (_, _) => Task.FromResult(ToolResult.Permanent("No.", "Ask elsewhere."))), time: clock);
        var id = await world.StartSessionAsync("look them up");
        var questions = new[] { await world.NextApprovalAsync(), await world.NextApprovalAsync() };

        clock.Shift(TimeSpan.FromMinutes(10));
        foreach (var question in questions)
        {
            await world.DecideAsync(question, DecisionKind.Approve, "go on");
        }

        var session = (await world.EndOfAsync(id)).Session;
        Assert.Equal(SessionStatus.Completed, session.Progress.Status);
        Assert.InRange(session.Progress.Waited!.Value, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11.5));
        Assert.True(SessionAge.Of(session, clock.GetUtcNow()) >= TimeSpan.Zero);
    }
}
