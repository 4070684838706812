using System.Text.Json;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using Xunit;

namespace AgentWorkflows.Tests.Sessions;

/// <summary>
/// What histories compare on replay: a session's result, and what it continues with as new. A member that came later must not be written while it has its
/// default, or every session recorded before it would diverge. The lists are added to never.
/// </summary>
public sealed class RecordedFormatTests
{
    [Fact]
    public void TheStateOfASessionThatUsesNothingNew_IsWrittenAsEver() => Assert.Equal(
        [
            "callsByTool", "costMicros", "loop", "modelWaits", "refreshDue", "refreshedByAge", "retries", "revision", "saga", "spend", "succeededCalls", "summarizedUpTo",
            "tokens", "toolCalls", "turn", "waited",
        ],
        Members(new SessionState()));

    [Fact]
    public void TheInputOfASessionThatUsesNothingNew_IsWrittenAsEver() => Assert.Equal(
        ["limits", "rollback", "session", "startedAt", "state"],
        Members(new SessionInput
        {
            Session = new SessionRef("s", "a", "h", "u", "t"),
            Limits = new SessionLimits(),
            Rollback = new RollbackPolicy(),
            StartedAt = DateTimeOffset.UnixEpoch,
        }));

    private static IEnumerable<string> Members<T>(T value) =>
        JsonSerializer.SerializeToElement(value, DurableJson.Options).EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
}
