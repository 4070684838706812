using AgentWorkflows.Record;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Sessions;

public sealed class SessionAgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(SessionStatus.Running, 0, null, 100)]
    [InlineData(SessionStatus.Running, 30, null, 70)]
    [InlineData(SessionStatus.AwaitingApproval, 30, 60, 30)]
    [InlineData(SessionStatus.Completed, 30, null, 50)]
    [InlineData(SessionStatus.Terminated, 0, 60, 60)]
    public void Age_LeavesOutWhatPeopleTook_AndStandsStillAfterTheEnd(SessionStatus status, int waited, int? waitingSince, int expected)
    {
        var session = SessionFacts.Session("s-1", Start) with
        {
            UpdatedAt = Start.AddSeconds(80),
            Progress = new SessionProgress
            {
                Status = status,
                Waited = waited == 0 ? null : TimeSpan.FromSeconds(waited),
                WaitingSince = waitingSince is { } since ? Start.AddSeconds(since) : null,
            },
        };

        Assert.Equal(TimeSpan.FromSeconds(expected), SessionAge.Of(session, Start.AddSeconds(100)));
    }
}
