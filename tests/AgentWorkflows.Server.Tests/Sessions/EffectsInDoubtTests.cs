using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A tool that takes effect and then seems to have failed, and a model that tries it again.</summary>
public sealed class EffectsInDoubtTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task The_same_call_again_goes_under_the_first_ones_key_and_makes_no_second_effect()
    {
        await using var world = await StartAsync(idempotent: true);
        var ended = await world.EndOfAsync(await world.StartSessionAsync("note"));

        Assert.Equal(SessionStatus.Completed, ended.Status);
        Assert.Equal(1, Notes(world));
        Assert.Equal("The note could not be added.", ended.Session.Progress.Answer);
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_the_tool_recognizes_no_repetition_a_person_decides_and_the_answer_says_what_is_in_doubt()
    {
        await using var world = await StartAsync(idempotent: false);
        var id = await world.StartSessionAsync("note");
        var asked = await world.NextApprovalAsync();

        Assert.Contains("It is not known whether an earlier call of 'add_note' with the same arguments took effect", asked.Reason, StringComparison.Ordinal);
        await world.DecideAsync(asked, DecisionKind.Reject, "it is there");

        var ended = await world.EndOfAsync(id);
        Assert.Equal(1, Notes(world));
        Assert.EndsWith("From the record: it is not known whether add_note took effect. Look before you rely on either.", ended.Session.Progress.Answer, StringComparison.Ordinal);
    }

    private static long Notes(SessionWorld world) => world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'");

    private static async Task<SessionWorld> StartAsync(bool idempotent)
    {
        var calls = 0;
        return await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(
                new Plan { Steps = [ScriptedChatModel.Step("first", "add_note", new { order_id = 1042, text = "hello" })] },
                new Plan { Steps = [ScriptedChatModel.Step("again", "add_note", new { order_id = 1042, text = "hello" })] },
                new Plan { Answer = "The note could not be added." }),
            all => new ReplacedTool(all, "add_note", async (invocation, original) =>
            {
                var result = await original.ExecuteAsync(invocation, default);
                return Interlocked.Increment(ref calls) == 1
                    ? new ToolResult.Failure(ToolFailureKind.Timeout, "No answer came.", "Check.", RetrySafe: false)
                    : result;
            }),
            agent: agent => agent with
            {
                Tools = [.. agent.Tools.Select(tool => tool.Name == "add_note" ? tool with { Idempotent = idempotent } : tool)],
            });
    }
}
