using System.Globalization;
using AgentWorkflows.Guards;
using AgentWorkflows.Planning;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Sessions;

/// <summary>Loop detection at work: before a plan's calls run, and when their results are in.</summary>
internal static class LoopGuard
{
    private const string Suggestion = "Its result is above. Do something else with it, or answer with what is known.";

    /// <returns>True when the calls may run; false when the model was told instead.</returns>
    /// <param name="stop">Why the session ends; else <c>null</c>.</param>
    public static bool MayRun(SessionRun run, GateOutput gated, out PlanStop? stop, out string? message)
    {
        (stop, message) = (null, null);
        var (loop, verdict) = LoopDetection.Check(run.State.Loop, new RecentTurn(run.State.Turn, gated.Signature, gated.Text, ""));
        run.State = run.State with { Loop = loop };
        switch (verdict)
        {
            case LoopVerdict.Nudge nudge:
                message = nudge.Message;
                // Told once, it did it again: what it reads may be what holds it.
                run.State = run.State with { RefreshDue = loop.Repetitions > 0 };
                return false;
            case LoopVerdict.Stop end:
                stop = new PlanStop(SessionStatus.Halted, new SessionFailure(
                    FailureCategory.Quality, "loop_detected",
                    string.Create(CultureInfo.InvariantCulture, $"{end.Message} The session has cost {run.State.CostMicros / 1_000_000m:0.000000} USD.")));
                return false;
            default:
                return true;
        }
    }

    public static async Task TellAsync(SessionRun run, IEnumerable<GatedCall> calls, string message)
    {
        foreach (var call in calls.Where(call => call.Verdict != GateVerdict.Refuse))
        {
            await run.CallAsync(SessionSteps.Observe, new ObserveInput(run.Step(SessionStatus.Running, "observe"), call.StepId, ObservationStatus.Refused)
            {
                Message = message + " It was not run.",
                Suggestion = Suggestion,
            });
        }
    }

    public static void Observe(SessionRun run, ObserveOutput observed) => run.State = run.State with
    {
        Loop = LoopDetection.Observe(run.State.Loop, run.State.Turn, observed.ResultHash, observed.Status != ObservationStatus.Succeeded),
    };
}
