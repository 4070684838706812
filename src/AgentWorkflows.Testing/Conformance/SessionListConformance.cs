using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="ISessionStore.ListAsync"/> promises.</summary>
public abstract class SessionListConformance(Func<Task<StoreUnderTest<ISessionStore>>> open) : StoreConformance<ISessionStore>(open)
{
    [Fact(Timeout = TestTimeout)]
    public async Task List_IsNewestFirst()
    {
        foreach (var minutes in new[] { 2, 5, 1, 4, 3 })
        {
            await Store.TryCreateAsync(SessionFacts.Session($"s-{minutes}", Noon.AddMinutes(minutes)), None);
        }

        Assert.Equal(["s-5", "s-4", "s-3", "s-2", "s-1"], await IdsAsync(new SessionQuery()));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_WithFilters_HasTheSessionsThatMeetThemAll()
    {
        await CreateAsync("s-1", "order-desk", "u-1", "refund", SessionStatus.Running);
        await CreateAsync("s-2", "order-desk", "u-1", "cancel", SessionStatus.Completed);
        await CreateAsync("s-3", "order-desk", "u-2", "refund", SessionStatus.Completed);
        await CreateAsync("s-4", "billing", "u-1", "refund", SessionStatus.Failed);

        Assert.Equal(["s-3", "s-2", "s-1"], await IdsAsync(new SessionQuery { Agent = "order-desk" }));
        Assert.Equal(["s-4", "s-2", "s-1"], await IdsAsync(new SessionQuery { UserId = "u-1" }));
        Assert.Equal(["s-4", "s-3", "s-1"], await IdsAsync(new SessionQuery { TaskType = "refund" }));
        Assert.Equal(["s-3", "s-2"], await IdsAsync(new SessionQuery { Statuses = [SessionStatus.Completed] }));
        Assert.Equal(["s-4", "s-1"], await IdsAsync(new SessionQuery { Statuses = [SessionStatus.Failed, SessionStatus.Running] }));
        Assert.Equal(["s-1"], await IdsAsync(new SessionQuery { Agent = "order-desk", UserId = "u-1", TaskType = "refund", Statuses = [SessionStatus.Running] }));
        Assert.Empty(await IdsAsync(new SessionQuery { Agent = "order-desk", Statuses = [SessionStatus.Failed] }));
        Assert.Equal(4, (await IdsAsync(new SessionQuery { Statuses = [] })).Count);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(1, 40)]
    [InlineData(7, 500)]
    [InlineData(250, 500)]
    [InlineData(500, 500)]
    public async Task List_InPagesOverEqualTimestamps_MissesAndRepeatsNothing(int pageSize, int count)
    {
        var ids = Enumerable.Range(0, count).Select(i => $"s_{i:000}").ToArray();
        new Random(3).Shuffle(ids);
        await Task.WhenAll(ids.Select(id => Store.TryCreateAsync(SessionFacts.Session(id, Noon), None)));

        var pages = await PagesAsync(new SessionQuery { PageSize = pageSize });

        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), pages.SelectMany(page => page).Select(session => session.Id));
        Assert.All(pages.SkipLast(1), page => Assert.Equal(pageSize, page.Count));
        Assert.Equal((count + pageSize - 1) / pageSize, pages.Count);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_InPagesWithFilters_HasOnlyWhatMeetsThem()
    {
        for (var i = 0; i < 60; i++)
        {
            await Store.TryCreateAsync(SessionFacts.Session($"s-{i:00}", Noon.AddSeconds(i / 10), userId: $"u-{i % 3}"), None);
        }

        var pages = await PagesAsync(new SessionQuery { UserId = "u-1", PageSize = 4 });

        Assert.Equal(
            Enumerable.Range(0, 60).Where(i => i % 3 == 1).Select(i => $"s-{i:00}").Reverse(),
            pages.SelectMany(page => page).Select(session => session.Id));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_ContinuedAfterNewSessionsCame_RepeatsNothing()
    {
        for (var i = 0; i < 6; i++)
        {
            await Store.TryCreateAsync(SessionFacts.Session($"s-{i}", Noon.AddMinutes(i)), None);
        }
        var first = await Store.ListAsync(new SessionQuery { PageSize = 3 }, None);
        await Store.TryCreateAsync(SessionFacts.Session("s-9", Noon.AddMinutes(9)), None);

        var second = await Store.ListAsync(new SessionQuery { PageSize = 3, Cursor = first.Cursor }, None);

        Assert.Equal(["s-2", "s-1", "s-0"], second.Sessions.Select(session => session.Id));
        Assert.Null(second.Cursor);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("_s-1")]
    [InlineData("12x_s-1")]
    [InlineData("-5_s-1")]
    [InlineData("99999999999999999999_s-1")]
    [InlineData("638000000000000000")]
    [InlineData("638000000000000000_")]
    public async Task List_WithACursorNobodyGave_ThrowsFormatException(string cursor) =>
        await Assert.ThrowsAsync<FormatException>(() => Store.ListAsync(new SessionQuery { Cursor = cursor }, None));

    [Theory(Timeout = TestTimeout)]
    [InlineData(0)]
    [InlineData(501)]
    public async Task List_WithAPageSizeOutOfRange_Throws(int pageSize) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(new SessionQuery { PageSize = pageSize }, None));

    [Fact(Timeout = TestTimeout)]
    public async Task List_HeldSessions_AreSuspendedAndNothingElse()
    {
        await CreateAsync("s-1", "a", "u", "t", SessionStatus.Running);
        await CreateAsync("s-2", "a", "u", "t", SessionStatus.Running);
        await Store.SetSuspendedAsync("s-1", true, Noon, None);

        Assert.Equal(["s-1"], await IdsAsync(new SessionQuery { Statuses = [SessionStatus.Suspended] }));
        Assert.Equal(["s-2"], await IdsAsync(new SessionQuery { Statuses = [SessionStatus.Running] }));
        Assert.Equal(["s-2", "s-1"], await IdsAsync(new SessionQuery { Statuses = [SessionStatus.Running, SessionStatus.Suspended] }));
        Assert.Equal(SessionStatus.Suspended, (await Store.GetAsync("s-1", None))!.ShownStatus);
    }

    private async Task CreateAsync(string id, string agent, string userId, string taskType, SessionStatus status)
    {
        await Store.TryCreateAsync(SessionFacts.Session(id, Noon, agent, userId, taskType), None);
        await Store.UpdateProgressAsync(id, new SessionProgress { Revision = 1, Status = status }, Noon, None);
    }

    private async Task<IReadOnlyList<string>> IdsAsync(SessionQuery query) =>
        [.. (await Store.ListAsync(query, None)).Sessions.Select(session => session.Id)];

    private async Task<List<IReadOnlyList<SessionRecord>>> PagesAsync(SessionQuery query)
    {
        var pages = new List<IReadOnlyList<SessionRecord>>();
        do
        {
            var page = await Store.ListAsync(query, None);
            pages.Add(page.Sessions);
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return pages;
    }
}
