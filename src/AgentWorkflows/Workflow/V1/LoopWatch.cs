using AgentWorkflows.Guards;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Runs a turn's calls unless they go round in circles: then the model is told once, may err once more, and is stopped.</summary>
internal static class LoopWatch
{
    public static async Task<PlanStop?> RunAsync(SessionLoop loop, GateOutput gated, Micros costBeforeMicros)
    {
        var calls = gated.Calls;
        List<GatedCall> watched = [.. calls.Where(call => call.Print.Length > 0)];
        var (judged, verdict) = LoopGuard.Judge(loop.State.Loop, [.. watched.Select(call => call.Print)], gated.Saying, costBeforeMicros, loop.State.CostMicros);
        loop.Apply(new SessionEvent.TurnJudged(
            judged,
            // Told once and still at it: what the model reads may be what holds it, so it gets the recorded facts instead.
            RefreshDue: verdict is LoopVerdict.Nudge && judged.Repetitions > 1,
            // A call that the gate refused has its refusal as its result; what the guard says reaches the model beside it.
            Notice: verdict is LoopVerdict.Nudge said && watched.Exists(call => call.Verdict == GateVerdict.Refuse) ? $"{said.Message} {said.Suggestion}" : null));
        switch (verdict)
        {
            case LoopVerdict.Nudge nudge:
                await PlanRunner.SkipAsync(loop, watched, nudge.Message, nudge.Suggestion);
                return await PlanRunner.RunAsync(loop, [.. calls.Except(watched)]);
            case LoopVerdict.Stop stop:
                await PlanRunner.SkipAsync(loop, calls, stop.Message);
                return new PlanStop(SessionStatus.Halted, new SessionFailure(FailureCategory.Quality, "loop", stop.Message));
            default:
                return await PlanRunner.RunAsync(loop, calls);
        }
    }
}
