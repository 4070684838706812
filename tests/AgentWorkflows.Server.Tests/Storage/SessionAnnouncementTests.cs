using AgentWorkflows.Record;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>Whoever watches a session live is told of every write that people see.</summary>
public sealed class SessionAnnouncementTests
{
    private const int Timeout = 60_000;
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = Timeout)]
    public async Task EveryVisibleWrite_IsAnnouncedOnce_AndOneThatChangedNothingIsNot()
    {
        var announced = new List<string>();
        await using var file = await ProductFile<ISessionStore>.Of(database => new SqliteSessionStore(database, TimeProvider.System, announced.Add))();
        var store = file.Store;

        await store.TryCreateAsync(SessionFacts.Session("s-1", Noon), CancellationToken.None);
        await ExpectAsync(1, () => store.UpdateProgressAsync("s-1", Progress(5), Noon, CancellationToken.None));
        await ExpectAsync(0, () => store.UpdateProgressAsync("s-1", Progress(4), Noon, CancellationToken.None));
        await ExpectAsync(1, () => store.SetSuspendedAsync("s-1", true, Noon, CancellationToken.None));
        await ExpectAsync(0, () => store.SetSuspendedAsync("s-1", true, Noon, CancellationToken.None));
        await ExpectAsync(1, () => store.SetFeedbackAsync("s-1", new SessionFeedback(FeedbackRating.Good, null, "u-1", Noon), CancellationToken.None));
        await ExpectAsync(0, () => store.TryReplaceProgressAsync("s-1", 4, Progress(9), Noon, CancellationToken.None));
        await ExpectAsync(1, () => store.TryReplaceProgressAsync("s-1", 5, Progress(9), Noon, CancellationToken.None));

        async Task ExpectAsync(int times, Func<Task> write)
        {
            announced.Clear();
            await write();
            Assert.Equal(Enumerable.Repeat("s-1", times), announced);
        }
    }

    private static SessionProgress Progress(long revision) => new() { Revision = revision, Status = SessionStatus.Running };
}
