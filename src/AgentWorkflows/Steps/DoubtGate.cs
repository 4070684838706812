using AgentWorkflows.Tools;

namespace AgentWorkflows.Steps;

/// <summary>What the gate makes of a call while it is not known whether an earlier one of the same tool took effect. Pure.</summary>
internal static class DoubtGate
{
    /// <summary>
    /// A call that may have taken effect already must not take effect again under another key: the same call goes under the first one's, and where the tool does not promise to
    /// recognize that, a person decides first. One with other arguments on the same thing is another call, and perhaps the same effect: a person decides too.
    /// </summary>
    public static GatedCall Of(GatedCall call, ToolContract? contract, IReadOnlyList<CallInDoubt> inDoubt)
    {
        if (call.Verdict == GateVerdict.Refuse)
        {
            return call;
        }
        if (inDoubt.LastOrDefault(earlier => earlier.Tool == call.Tool && earlier.Print == call.Print) is { } same)
        {
            var joined = call with { JoinsKey = same.IdempotencyKey };
            return contract is { Idempotent: true } ? joined : Asked(joined, "with the same arguments", same);
        }
        // Where either does not say what it works on, it may be the same.
        return inDoubt.LastOrDefault(earlier => earlier.Tool == call.Tool
            && (earlier.ResourcePrint is null || call.ResourcePrint is null || earlier.ResourcePrint == call.ResourcePrint)) is { } similar
            ? Asked(call, "with other arguments", similar)
            : call;
    }

    private static GatedCall Asked(GatedCall call, string which, CallInDoubt first) => call with
    {
        Verdict = GateVerdict.Ask,
        InDoubt = true,
        Reason = $"It is not known whether an earlier call of '{call.Tool}' {which} took effect ({first.IdempotencyKey}). Look before you decide: approve to make this one, "
            + "reject to leave it." + (call.Reason is { } also ? $" {also}" : ""),
    };
}
