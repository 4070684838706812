using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Why a session ends in the middle of a plan. <see cref="SessionStatus.Halted"/> stands for a limit.</summary>
internal sealed record PlanStop(SessionStatus Status, SessionFailure Failure);

/// <summary>
/// Runs the gated calls of one plan: neighbouring reads together under the fan-out cap, everything else one at a time, in the plan's order.
/// A call that does not succeed stops the ones behind it.
/// </summary>
internal static class PlanRunner
{
    /// <summary>How many reads of one plan run at once.</summary>
    public const int FanOut = 5;

    public static async Task<PlanStop?> RunAsync(SessionLoop loop, IReadOnlyList<GatedCall> calls)
    {
        for (var next = 0; next < calls.Count;)
        {
            var batch = Batch(calls, next);
            next += batch.Count;
            var outcomes = await Task.WhenAll(batch.Select(call => CallRunner.RunAsync(loop, call)));
            if (outcomes.FirstOrDefault(outcome => outcome.Stop is not null) is { Stop: { } stop })
            {
                return stop;
            }
            if (outcomes.Any(outcome => outcome.Status != ObservationStatus.Succeeded))
            {
                await SkipAsync(loop, calls.Skip(next));
                return null;
            }
        }
        return null;
    }

    private static List<GatedCall> Batch(IReadOnlyList<GatedCall> calls, int start)
    {
        var batch = new List<GatedCall> { calls[start] };
        for (var i = start + 1; i < calls.Count && batch.Count < FanOut && IsPlainRead(calls[start]) && IsPlainRead(calls[i]); i++)
        {
            batch.Add(calls[i]);
        }
        return batch;
    }

    private static bool IsPlainRead(GatedCall call) => call is { Tier: ToolTier.Read, Verdict: GateVerdict.Run, Alternative: null };

    /// <summary>Tells the model and the timeline that calls were not made.</summary>
    public static async Task SkipAsync(SessionLoop loop, IEnumerable<GatedCall> rest, string? because = null, string? suggestion = null)
    {
        foreach (var call in rest.Where(call => call.Verdict != GateVerdict.Refuse))
        {
            await loop.CallAsync(SessionSteps.Observe, new ObserveInput(loop.Step(SessionStatus.Running, "observe"), call.StepId, ObservationStatus.Skipped)
            {
                Message = because ?? "An earlier step of the same plan did not succeed.",
                Suggestion = suggestion,
            });
        }
    }
}
