using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Keeps the context of a session short and clean, as <see cref="ContextRule"/> says.</summary>
internal static class ContextCare
{
    public static async Task RunAsync(SessionLoop loop)
    {
        if (ContextRule.Due(loop.State, loop.Limits, loop.Age) is { } due)
        {
            await ReplaceAsync(loop, due);
            loop.Apply(new SessionEvent.ContextTended(loop.Age >= loop.Limits.MaxAge / 2));
        }
    }

    /// <summary>For a conversation that does not fit: all turns before this one.</summary>
    public static Task ShortenAsync(SessionLoop loop) =>
        ReplaceAsync(loop, new ContextCareDue(ContextCareKind.Checkpoint, loop.State.Turn - 1, "The conversation is too long for the model."));

    /// <summary>In the middle of a plan that goes wrong: what was recorded takes the place of all turns before this one.</summary>
    public static Task RefreshAsync(SessionLoop loop, string because) =>
        ReplaceAsync(loop, new ContextCareDue(ContextCareKind.Checkpoint, loop.State.Turn - 1, because));

    private static async Task ReplaceAsync(SessionLoop loop, ContextCareDue due)
    {
        var output = await loop.CallAsync(SessionSteps.Summarize, new SummarizeInput(loop.Step(SessionStatus.Running, "summarize"), loop.Limits, due));
        loop.Apply(new SessionEvent.Charged(output.Tokens, output.CostMicros));
        loop.Apply(new SessionEvent.ContextReplaced(due.UpToTurn));
    }
}
