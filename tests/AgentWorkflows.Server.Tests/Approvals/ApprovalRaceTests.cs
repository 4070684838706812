using System.Collections.Concurrent;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

public sealed class ApprovalRaceTests
{
    private const int Rounds = 1000;

    [Fact(Timeout = 300_000)]
    public async Task TwoApproversAtOnce_AThousandTimes_OneDecisionEach_AndEachSessionActsOnceOrNotAtAll()
    {
        var ran = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var world = await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(
                new Plan { Steps = [ScriptedChatModel.Step("note", "send_message", new { order_id = 1042, subject = "Hello", body = "There." })] },
                new Plan { Answer = "Done." }),
            all => new ReplacedTool(all, "send_message", (invocation, _) =>
            {
                ran.AddOrUpdate(invocation.SessionId, 1, (_, before) => before + 1);
                return Task.FromResult<ToolResult>(new ToolResult.Success(JsonElement.Parse("{}")));
            }));
        var approved = new HashSet<string>();
        var ids = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            ids.Add(await world.StartSessionAsync("message"));
        }
        for (var round = 0; round < Rounds; round++)
        {
            var asked = await world.NextApprovalAsync();
            var outcomes = await Task.WhenAll(
                Task.Run(() => world.DecideAsync(asked, DecisionKind.Approve, approver: "ann")),
                Task.Run(() => world.DecideAsync(asked, DecisionKind.Reject, approver: "bo")));
            var winner = Assert.Single(outcomes.OfType<DecideOutcome.Decided>()).Request;
            Assert.Equal(winner.Decision!.DecisionId, Assert.Single(outcomes.OfType<DecideOutcome.AlreadyDecided>()).Request.Decision!.DecisionId);
            if (winner.Status == ApprovalStatus.Approved)
            {
                approved.Add(asked.SessionId);
            }
        }
        foreach (var id in ids)
        {
            await world.EndOfAsync(id);
        }

        Assert.Equal(approved.Order(), ran.Keys.Order());
        Assert.All(ran.Values, times => Assert.Equal(1, times));
    }
}
