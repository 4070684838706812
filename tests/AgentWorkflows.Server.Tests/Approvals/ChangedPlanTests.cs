using AgentWorkflows.Approvals;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>What was approved runs, or nothing runs: also when what is kept has changed between the request and the decision.</summary>
public sealed class ChangedPlanTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallWhosePlanHasChangedSinceItWasShown_DoesNotRun(bool restart)
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken, and tell the customer");
        var asked = await world.NextApprovalAsync();
        var before = world.Orders.Dump();
        Assert.Equal(1, ChangePlan(world, asked));
        if (restart)
        {
            await world.RestartAsync();
        }

        Assert.IsType<DecideOutcome.Decided>(await world.DecideAsync(asked, DecisionKind.Approve));

        var ended = await world.EndOfAsync(id);
        Assert.Equal((SessionStatus.RolledBack, "ApprovalMismatch"), (ended.Status, ended.Failure?.Type));
        Assert.Equal(before, world.Orders.Dump());
    }

    /// <summary>Somebody with access to the file puts another order into the plan that waits.</summary>
    private static int ChangePlan(SessionWorld world, ApprovalRequest asked)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(world.Folder, "agentworkflows.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE documents SET content = replace(content, '1042', '1043') WHERE session_id = '{asked.SessionId}' AND turn = {asked.Turn} AND step = 'plan'";
        return command.ExecuteNonQuery();
    }
}
