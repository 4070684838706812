using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Keeps the context of a session short and clean, as <see cref="ContextRule"/> says.</summary>
internal static class ContextCare
{
    public static async Task RunAsync(SessionRun run)
    {
        if (ContextRule.Due(run.State, run.Input.Limits, run.Age) is { } due)
        {
            await ReplaceAsync(run, due);
            run.State = run.State with
            {
                RefreshDue = false,
                RefreshedByAge = run.State.RefreshedByAge || run.Age >= run.Input.Limits.MaxAge / 2,
            };
        }
    }

    /// <summary>For a conversation that does not fit: all turns before this one.</summary>
    public static Task ShortenAsync(SessionRun run) =>
        ReplaceAsync(run, new ContextCareDue(ContextCareKind.Checkpoint, run.State.Turn - 1, "The conversation is too long for the model."));

    /// <summary>In the middle of a plan that goes wrong: what was recorded takes the place of all turns before this one.</summary>
    public static Task RefreshAsync(SessionRun run, string because) =>
        ReplaceAsync(run, new ContextCareDue(ContextCareKind.Checkpoint, run.State.Turn - 1, because));

    private static async Task ReplaceAsync(SessionRun run, ContextCareDue due)
    {
        var output = await run.CallAsync(SessionSteps.Summarize, new SummarizeInput(run.Step(SessionStatus.Running, "summarize"), run.Input.Limits, due));
        run.State = run.State with
        {
            Tokens = run.State.Tokens + output.Tokens,
            CostMicros = run.State.CostMicros + output.CostMicros,
            SummarizedUpTo = due.UpToTurn,
        };
    }
}
