using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

internal static class CapFailure
{
    /// <summary>A refused reservation as the session's failure: which cap, used, asked, limit.</summary>
    public static SessionFailure Of(ReserveOutcome.Refused cap) => SessionFailure.Redacted(
        FailureCategory.Budget, "cap_exceeded",
        FormattableString.Invariant($"The cap '{cap.Scope}' does not allow this call: {cap.UsedMicros.Usd:0.000000} USD used, {cap.AskedMicros.Usd:0.000000} asked, {cap.LimitMicros.Usd:0.000000} allowed."));
}
