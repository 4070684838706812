using AgentWorkflows.Models.Plans;
using AgentWorkflows.Testing;

namespace AgentWorkflows.Functions.Tests.Sessions;

/// <summary>A model that looks one order up in each of so many turns, and then answers.</summary>
internal static class LongPlan
{
    public static ScriptedChatModel Of(int turns) => new(request => ScriptedChatModel.Plan(request.Turn > turns
        ? new Plan { Answer = "Counted." }
        : new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1000 + request.Turn })] }));
}
