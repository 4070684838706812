using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Words;

public sealed class SessionFailureTests
{
    private const string Secret = "The key sk-proj-abcdefghijklmnopqrstuvwxyz0123456789abcdef was refused.";

    [Fact]
    public void A_failure_is_redacted_where_it_is_written_down()
    {
        Assert.DoesNotContain("sk-proj-abc", SessionFailure.Redacted(FailureCategory.System, "x", Secret).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-proj-abc", new SessionFailure(FailureCategory.System, "x", Secret).Redacted().Message, StringComparison.Ordinal);
    }

    /// <summary>Replayed code makes and reads failures: today's patterns must not change what was recorded.</summary>
    [Fact]
    public void A_failure_that_is_made_or_read_again_says_what_it_said()
    {
        var made = new SessionFailure(FailureCategory.System, "x", Secret);

        Assert.Equal(Secret, made.Message);
        Assert.Equal(made, JsonSerializer.SerializeToElement(made, DurableJson.Options).Deserialize<SessionFailure>(DurableJson.Options));
    }
}
