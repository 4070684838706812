using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

internal static class CapFailure
{
    /// <summary>A refused reservation as the session's failure: which cap, used, asked, limit.</summary>
    public static SessionFailure Of(ReserveOutcome.Refused cap) => SessionFailure.Redacted(
        FailureCategory.Budget, "cap_exceeded",
        FormattableString.Invariant($"The cap '{cap.Scope}' does not allow this call: {Usd(cap.UsedMicros):0.000000} USD used, {Usd(cap.AskedMicros):0.000000} asked, {Usd(cap.LimitMicros):0.000000} allowed."));

    private static decimal Usd(Micros micros) => micros.Usd;
}
