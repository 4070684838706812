using System.Collections.Concurrent;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A tool that takes effect and gives no answer: what became of it is found out by the tool itself, by a look or by a person, and nobody makes it happen twice.</summary>
public sealed class EffectsInDoubtTests
{
    private const int Timeout = 60_000;
    private const string LookSchema = """{"type":"object","properties":{"action_key":{"type":"string"}},"required":["action_key"],"additionalProperties":false}""";

    [Fact(Timeout = Timeout)]
    public async Task Where_the_tool_recognizes_its_key_it_is_asked_again_under_it_whatever_it_said_of_retrying()
    {
        var keys = new ConcurrentQueue<string>();
        await using var world = await StartAsync(idempotent: true, [Note("hello"), Answer("The note is there.")], lost: call => call == 1, keys: keys);
        var ended = await world.EndOfAsync(await world.StartSessionAsync("note"));

        Assert.Equal((SessionStatus.Completed, "The note is there."), (ended.Status, ended.Session.Progress.Answer));
        Assert.Equal(1, Notes(world));
        Assert.Single(keys.Distinct());
        Assert.Equal(2, keys.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_it_does_not_a_person_says_what_became_of_it_and_the_session_goes_on_with_that()
    {
        var model = ScriptedChatModel.ByTurn(Note("hello"), Answer("I added the note."));
        await using var world = await StartAsync(idempotent: false, model);
        var id = await world.StartSessionAsync("note");
        var asked = await world.NextApprovalAsync();
        Assert.True(asked.IsQuestion);
        Assert.Contains("'add_note' gave no answer, and it is not known whether it took effect", asked.Reason, StringComparison.Ordinal);
        await world.DecideAsync(asked, DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);
        Assert.Equal("I added the note.", ended.Session.Progress.Answer);
        Assert.Equal(1, Notes(world));
        var told = Told(model);
        Assert.Equal("Succeeded", told.GetProperty("status").GetString());
        Assert.Contains("It took effect all the same", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(ActionOutcome.Done, Assert.Single(ended.Session.Progress.Compensations).Action);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_person_found_did_not_happen_may_be_made_again_under_a_key_of_its_own()
    {
        var keys = new ConcurrentQueue<string>();
        var model = ScriptedChatModel.ByTurn(Note("hello"), Note("hello", "again"), Answer("I added the note."));
        await using var world = await StartAsync(idempotent: false, model, lost: call => call == 1, takesEffect: call => call > 1, keys: keys);
        var id = await world.StartSessionAsync("note");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject, "it is not there");

        var ended = await world.EndOfAsync(id);
        Assert.Equal((SessionStatus.Completed, "I added the note."), (ended.Status, ended.Session.Progress.Answer));
        Assert.Equal(1, Notes(world));
        Assert.Equal(2, keys.Distinct().Count());
        Assert.Equal([ActionOutcome.NotDone, ActionOutcome.Done], ended.Session.Progress.Compensations.Select(entry => entry.Action));
    }

    [Fact(Timeout = Timeout)]
    public async Task While_nobody_knows_the_same_call_joins_the_first_ones_key_and_a_person_decides_first()
    {
        var keys = new ConcurrentQueue<string>();
        var model = ScriptedChatModel.ByTurn(Note("hello"), Note("hello", "again"), Answer("Perhaps."));
        await using var world = await StartAsync(idempotent: false, model, lost: _ => true, keys: keys, answersInTime: false);
        var id = await world.StartSessionAsync("note");
        var first = await world.NextApprovalAsync();
        Assert.True(first.IsQuestion);
        var asked = await world.NextApprovalAsync();

        Assert.False(asked.IsQuestion);
        Assert.Contains("It is not known whether an earlier call of 'add_note' with the same arguments took effect", asked.Reason, StringComparison.Ordinal);
        var ended = await world.EndOfAsync(id);
        Assert.Equal(1, Notes(world));
        Assert.Single(keys);
        Assert.EndsWith("From the record: it is not known whether add_note took effect. Look before you rely on either.", ended.Session.Progress.Answer, StringComparison.Ordinal);
        var suggestion = Told(model, last: false).GetProperty("suggestion").GetString();
        Assert.StartsWith("Do not make it again", suggestion, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_call_with_other_arguments_on_the_same_thing_waits_for_a_person_and_one_on_another_thing_does_not()
    {
        var keys = new ConcurrentQueue<string>();
        var model = ScriptedChatModel.ByTurn(Note("hello"), Note("elsewhere", "other", order: 1043), Note("hello!", "again"), Answer("Perhaps."));
        await using var world = await StartAsync(idempotent: true, model, lost: call => call <= 3, keys: keys, answersInTime: false);
        var ended = await world.EndOfAsync(await world.StartSessionAsync("note", new RequestedLimits { MaxRetries = 2 }));

        var approvals = await world.ApprovalStore.ListAsync(new ApprovalQuery { SessionId = ended.Session.Id }, default);
        Assert.Contains(approvals, asked => !asked.IsQuestion && asked.Reason.Contains("with other arguments took effect", StringComparison.Ordinal));
        Assert.Equal(2, approvals.Count);
        Assert.Equal(1, Notes(world));
        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM notes WHERE order_id = 1043"));
        Assert.Equal(0, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello!'"));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{"happened":true}""", ActionOutcome.Done, 1, false)]
    [InlineData("""{"happened":false}""", ActionOutcome.NotDone, 2, false)]
    [InlineData("""{"happened":null}""", ActionOutcome.Done, 2, true)]
    [InlineData("""{}""", ActionOutcome.Done, 2, true)]
    public async Task A_look_settles_it_and_where_it_cannot_tell_a_person_does(string found, ActionOutcome action, int looks, bool asks)
    {
        var seen = new ConcurrentQueue<ToolInvocation>();
        var model = ScriptedChatModel.ByTurn(Note("hello"), Answer("So it is."));
        await using var world = await StartAsync(idempotent: false, model, look: invocation =>
        {
            seen.Enqueue(invocation);
            return new ToolResult.Success(JsonElement.Parse(found));
        });
        var id = await world.StartSessionAsync("note");
        if (asks)
        {
            await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        }
        var ended = await world.EndOfAsync(id);

        Assert.Equal(action, Assert.Single(ended.Session.Progress.Compensations).Action);
        Assert.Equal(looks, seen.Count);
        Assert.All(seen, look => Assert.Equal($"{id}/1/first", look.Arguments.GetProperty("action_key").GetString()));
        var told = Told(model);
        Assert.Equal(action == ActionOutcome.Done ? "Succeeded" : "Failed", told.GetProperty("status").GetString());
        Assert.Contains(action == ActionOutcome.Done ? "It took effect" : "It did not take effect", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, Notes(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task An_effect_that_comes_late_is_found_by_the_second_look()
    {
        var looks = 0;
        await using var world = await StartAsync(
            idempotent: false, ScriptedChatModel.ByTurn(Note("hello"), Answer("It is there.")),
            look: _ => new ToolResult.Success(JsonSerializer.SerializeToElement(new { happened = Interlocked.Increment(ref looks) > 1 })));
        var ended = await world.EndOfAsync(await world.StartSessionAsync("note"));

        Assert.Equal(ActionOutcome.Done, Assert.Single(ended.Session.Progress.Compensations).Action);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_plans_other_way_is_not_taken_while_the_first_may_stand()
    {
        var plan = Note("hello");
        plan = plan with
        {
            Steps = [plan.Steps[0] with { OnFailure = OnFailure.Alternative, Alternative = new AlternativeCall { Tool = "add_note", Arguments = JsonSerializer.SerializeToElement(new { order_id = 1042, text = "another way" }) } }],
        };
        await using var world = await StartAsync(idempotent: false, ScriptedChatModel.ByTurn(plan, Answer("Perhaps.")), answersInTime: false);
        await world.EndOfAsync(await world.StartSessionAsync("note"));

        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM notes"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_look_that_a_restart_interrupts_is_made_again_and_the_question_outlives_it()
    {
        await using var world = await StartAsync(
            idempotent: false, ScriptedChatModel.ByTurn(Note("hello"), Answer("It is there.")), look: _ => ToolResult.Permanent("The search is down.", "Ask somebody."));
        var id = await world.StartSessionAsync("note");
        var asked = await world.NextApprovalAsync();
        await world.RestartAsync();
        await world.DecideAsync(asked, DecisionKind.Approve);

        var ended = await world.EndOfAsync(id);
        Assert.Equal((SessionStatus.Completed, "It is there."), (ended.Status, ended.Session.Progress.Answer));
        Assert.Equal(1, Notes(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_repetition_stands_for_is_taken_back_once()
    {
        var undone = new ConcurrentQueue<string>();
        var model = ScriptedChatModel.ByTurn(Note("hello"), Note("hello", "again"), Answer("The note is there."));
        await using var world = await StartAsync(idempotent: true, model, lost: call => call == 1, answersInTime: false, undone: undone);
        var id = await world.StartSessionAsync("note", new RequestedLimits { MaxRetries = 0 });
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        var rollback = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, "not wanted", default));
        var ended = (await world.Rollbacks.WaitForEndAsync(rollback, id, default))!;

        Assert.Equal(SessionStatus.RolledBack, ended.Status);
        Assert.Single(undone);
        Assert.Equal([CompensationStatus.NotNeeded, CompensationStatus.Done], ended.Session.Progress.Compensations.Select(entry => entry.Status));
        Assert.Equal(0, Notes(world));
    }

    private static long Notes(SessionWorld world) => world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'");

    private static Plan Note(string text, string step = "first", int order = 1042) => new() { Steps = [ScriptedChatModel.Step(step, "add_note", new { order_id = order, text })] };

    private static Plan Answer(string text) => new() { Answer = text };

    private static JsonElement Told(ScriptedChatModel model, bool last = true)
    {
        var said = model.Requests[^1].Messages.Where(message => message.Role == ChatRole.Tool).ToList();
        return JsonElement.Parse((last ? said[^1] : said[0]).Content);
    }

    private static Task<SessionWorld> StartAsync(bool idempotent, Plan[] plans, Func<int, bool> lost, ConcurrentQueue<string> keys) =>
        StartAsync(idempotent, ScriptedChatModel.ByTurn(plans), lost, keys: keys);

    /// <param name="lost">Which calls of the tool give no answer, counted from 1; default: all.</param>
    /// <param name="takesEffect">Which of them take effect; default: all.</param>
    /// <param name="look">The contract's way to look; default: none.</param>
    /// <param name="answersInTime">False: no person answers a question before its deadline.</param>
    private static Task<SessionWorld> StartAsync(
        bool idempotent, ScriptedChatModel model, Func<int, bool>? lost = null, Func<int, bool>? takesEffect = null, Func<ToolInvocation, ToolResult>? look = null,
        ConcurrentQueue<string>? keys = null, bool answersInTime = true, ConcurrentQueue<string>? undone = null)
    {
        var calls = 0;
        return SessionWorld.StartAsync(
            model,
            all => new AddedTool(
                new ReplacedTool(
                    new ReplacedTool(all, "delete_note", (invocation, original) =>
                    {
                        undone?.Enqueue(invocation.IdempotencyKey);
                        return original.ExecuteAsync(invocation, default);
                    }),
                    "add_note", async (invocation, original) =>
                    {
                        keys?.Enqueue(invocation.IdempotencyKey);
                        var call = Interlocked.Increment(ref calls);
                        var result = takesEffect?.Invoke(call) ?? true ? await original.ExecuteAsync(invocation, default) : null;
                        return lost?.Invoke(call) ?? true
                            ? new ToolResult.Failure(ToolFailureKind.Timeout, "No answer came.", "Try again with the same key.", RetrySafe: false)
                            : result!;
                    }),
                "note_there", LookSchema, look ?? (_ => throw new InvalidOperationException("Nobody looks."))),
            agent: agent => agent with
            {
                Approvals = answersInTime ? agent.Approvals : agent.Approvals with { Terms = new ApprovalTerms { Timeout = TimeSpan.FromMilliseconds(200), OnTimeout = TimeoutMeaning.Approve } },
                Tools =
                [
                    .. agent.Tools.Select(tool => tool.Name != "add_note" ? tool : tool with
                    {
                        Idempotent = idempotent,
                        Retry = tool.Retry with { FirstDelay = TimeSpan.FromMilliseconds(10) },
                        Settle = look is null ? null : new SettleContract
                        {
                            Tool = "note_there",
                            Arguments = new Dictionary<string, JsonElement> { ["action_key"] = JsonSerializer.SerializeToElement("$idempotencyKey") },
                            Wait = TimeSpan.FromMilliseconds(20),
                        },
                    }),
                    new ToolContract
                    {
                        Name = "note_there", Implementation = "note_there", Description = "Whether a call added its note.", Tier = ToolTier.Read, Offered = false,
                        Parameters = JsonElement.Parse(LookSchema),
                    },
                ],
            });
    }
}
