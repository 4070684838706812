using AgentWorkflows.Guards.Loops;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Sessions;

/// <summary>Runs a turn's calls unless they go round in circles: then the model is told once, may err once more, and is stopped.</summary>
internal static class LoopWatch
{
    public static async Task<PlanStop?> RunAsync(SessionRun run, IReadOnlyList<GatedCall> calls, string saying, long costBeforeMicros)
    {
        List<GatedCall> watched = [.. calls.Where(call => call.Print.Length > 0)];
        var (loop, verdict) = LoopGuard.Judge(run.State.Loop, [.. watched.Select(call => call.Print)], saying, costBeforeMicros, run.State.CostMicros);
        run.State = run.State with { Loop = loop };
        switch (verdict)
        {
            case LoopVerdict.Nudge nudge:
                await PlanRunner.SkipAsync(run, watched, nudge.Message, nudge.Suggestion);
                return await PlanRunner.RunAsync(run, [.. calls.Except(watched)]);
            case LoopVerdict.Stop stop:
                await PlanRunner.SkipAsync(run, calls, stop.Message);
                return new PlanStop(SessionStatus.Halted, new SessionFailure(FailureCategory.Quality, "loop", stop.Message));
            default:
                return await PlanRunner.RunAsync(run, calls);
        }
    }
}
