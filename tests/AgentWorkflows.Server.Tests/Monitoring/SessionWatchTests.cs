using AgentWorkflows.Models.Plans;
using AgentWorkflows.Operations;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Monitoring;

public sealed class SessionWatchTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_session_without_a_step_is_stuck_and_one_that_waits_for_a_person_is_not()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource<ToolResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var world = await SessionWorld.StartAsync(
            new ScriptedChatModel(request => request.Turn > 1 ? ScriptedChatModel.Plan(ModelWorld.Answer())
                : request.Messages.Any(message => message.Content.Contains("stay there", StringComparison.Ordinal)) ? ScriptedChatModel.Plan(ModelWorld.Lookup())
                : ScriptedChatModel.Plan(new Plan { Steps = [ScriptedChatModel.Step("r", "issue_refund", new { order_id = 1042, reason = "broken" })] })),
            all => new ReplacedTool(all, "get_order", (_, _) =>
            {
                reached.SetResult();
                return go.Task;
            }),
            services => services.Replace(ServiceDescriptor.Singleton(new SessionWatchOptions { StuckAfter = TimeSpan.FromTicks(1) })));
        using var recording = new Recording(world);
        var hanging = await world.StartSessionAsync("stay there");
        await reached.Task;
        await world.StartSessionAsync("refund");
        await world.NextApprovalAsync();

        var found = await world.Service<SessionWatch>().LookAsync(default);

        Assert.Equal((1, 1, 1), (found!.Running, found.Stuck, found.Pending));
        Assert.Equal([1], recording.Of(Metrics.SessionsStuck).Select(level => level.Value));
        Assert.Equal([found.OldestWait.TotalSeconds], recording.Of(Metrics.ApprovalsOldest).Select(level => level.Value));
        go.SetResult(ToolResult.Permanent("No.", "Answer."));
        await world.EndOfAsync(hanging);
        Assert.Equal(0, (await world.Service<SessionWatch>().LookAsync(default))!.Stuck);
    }

    [Fact(Timeout = Timeout)]
    public async Task Nothing_is_read_while_nobody_listens()
    {
        await using var world = await SessionWorld.StartAsync();

        Assert.Null(await world.Service<SessionWatch>().LookAsync(default));
    }
}
