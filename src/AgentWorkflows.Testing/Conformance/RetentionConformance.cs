using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>The stores of one host on the same data.</summary>
public sealed record RetentionStores(IRetentionStore Retention, ISessionStore Sessions, IApprovalStore Approvals);

/// <summary>What <see cref="IRetentionStore"/> promises, and what lists need for it.</summary>
public abstract class RetentionConformance(Func<Task<StoreUnderTest<RetentionStores>>> open) : StoreConformance<RetentionStores>(open)
{
    private static readonly DateTimeOffset Deadline = Noon.AddHours(4);

    [Fact(Timeout = TestTimeout)]
    public async Task Remove_OfAnEndedSession_LeavesNothingOfItAndAllOfOthers()
    {
        await AddAsync("s-1", SessionStatus.Completed);
        await AddAsync("s-2", SessionStatus.Completed);

        Assert.True(await Store.Retention.RemoveSessionAsync("s-1", Noon, None));
        await ReopenAsync();

        Assert.Null(await Store.Sessions.GetAsync("s-1", None));
        Assert.Empty(await Store.Sessions.ListDocumentsAsync("s-1", int.MaxValue, None));
        Assert.Empty(await Store.Sessions.ListTimelineAsync("s-1", 0, 100, None));
        Assert.Equal(["s-2"], (await Store.Sessions.ListAsync(new SessionQuery(), None)).Sessions.Select(session => session.Id));
        Assert.Equal(["s-2"], (await Store.Sessions.ListAsync(new SessionQuery { UserId = "u-1" }, None)).Sessions.Select(session => session.Id));
        Assert.Equal(3, (await Store.Sessions.ListDocumentsAsync("s-2", int.MaxValue, None)).Count);
        Assert.Single(await Store.Sessions.ListTimelineAsync("s-2", 0, 100, None));
        Assert.False(await Store.Retention.RemoveSessionAsync("s-1", Noon, None));
        Assert.True(await Store.Sessions.TryCreateAsync(SessionFacts.Session("s-1", Noon), None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task RemoveDocuments_OfAnEndedSession_LeavesItsRecordAndItsTimeline()
    {
        await AddAsync("s-1", SessionStatus.Failed);
        await AddAsync("s-2", SessionStatus.Running);

        Assert.False(await Store.Retention.RemoveDocumentsAsync("s-1", Noon.AddTicks(-1), None));
        Assert.False(await Store.Retention.RemoveDocumentsAsync("s-2", Noon, None));
        Assert.True(await Store.Retention.RemoveDocumentsAsync("s-1", Noon, None));
        Assert.False(await Store.Retention.RemoveDocumentsAsync("s-1", Noon, None));
        await ReopenAsync();

        Assert.Empty(await Store.Sessions.ListDocumentsAsync("s-1", int.MaxValue, None));
        Assert.Null(await Store.Sessions.GetDocumentAsync(new DocumentKey("s-1", 1, "large"), None));
        Assert.Equal(SessionStatus.Failed, (await Store.Sessions.GetAsync("s-1", None))!.Progress.Status);
        Assert.Single(await Store.Sessions.ListTimelineAsync("s-1", 0, 100, None));
        Assert.Equal(3, (await Store.Sessions.ListDocumentsAsync("s-2", int.MaxValue, None)).Count);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(SessionStatus.Running)]
    [InlineData(SessionStatus.AwaitingApproval)]
    [InlineData(SessionStatus.Compensating)]
    public async Task Remove_OfASessionThatGoesOn_ChangesNothing(SessionStatus status)
    {
        await AddAsync("s-1", status);

        Assert.False(await Store.Retention.RemoveSessionAsync("s-1", Noon, None));

        Assert.Equal(3, (await Store.Sessions.ListDocumentsAsync("s-1", int.MaxValue, None)).Count);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Remove_OfASessionThatHasChangedSince_ChangesNothing()
    {
        await AddAsync("s-1", SessionStatus.Completed);

        Assert.False(await Store.Retention.RemoveSessionAsync("s-1", Noon.AddTicks(-1), None));

        Assert.NotNull(await Store.Sessions.GetAsync("s-1", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_OfSessionsCreatedBefore_LeavesOutLaterOnes_PageByPage()
    {
        for (var day = 0; day < 6; day++)
        {
            await Store.Sessions.TryCreateAsync(SessionFacts.Session($"s-{day}", Noon.AddDays(day)), None);
        }
        await Store.Sessions.TryCreateAsync(SessionFacts.Session("s-3b", Noon.AddDays(3).AddTicks(-1)), None);

        foreach (var user in new[] { null, "u-1" })
        {
            var ids = new List<string>();
            string? cursor = null;
            do
            {
                var page = await Store.Sessions.ListAsync(
                    new SessionQuery { CreatedBefore = Noon.AddDays(3), UserId = user, PageSize = 2, Cursor = cursor }, None);
                ids.AddRange(page.Sessions.Select(session => session.Id));
                cursor = page.Cursor;
            }
            while (cursor is not null);
            Assert.Equal(["s-3b", "s-2", "s-1", "s-0"], ids);
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Approvals_ThatAreOldDecidedAndTold_AreForgotten_InBatches()
    {
        foreach (var (id, hours) in new[] { ("a", 0), ("b", 1), ("c", 2), ("pending", 0), ("untold", 0), ("new", 10) })
        {
            await Store.Approvals.CreateAsync(ApprovalFacts.Request(id) with { RequestedAt = Noon.AddHours(hours), ExpiresAt = Deadline.AddDays(1) }, None);
            if (id != "pending")
            {
                await Store.Approvals.DecideAsync(id, ApprovalFacts.Decision($"d-{id}") with { DecidedAt = Noon.AddHours(hours).AddMinutes(1) }, None);
            }
            if (id is not ("pending" or "untold"))
            {
                await Store.Approvals.MarkDeliveredAsync(id, None);
            }
        }

        Assert.Equal(2, await Store.Retention.PurgeApprovalsAsync(Noon.AddHours(10), 2, None));
        Assert.Equal(1, await Store.Retention.PurgeApprovalsAsync(Noon.AddHours(10), 2, None));
        Assert.Equal(0, await Store.Retention.PurgeApprovalsAsync(Noon.AddHours(10), 2, None));
        await ReopenAsync();

        Assert.Null(await Store.Approvals.GetAsync("a", None));
        Assert.Equal(["new", "pending", "untold"], (await Store.Approvals.ListAsync(new ApprovalQuery(), None)).Select(request => request.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["untold"], (await Store.Approvals.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, None)).Select(undelivered => undelivered.Request.Id));
        Assert.Equal(3, (await Store.Approvals.ListAsync(new ApprovalQuery { SessionId = "s-1" }, None)).Count);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Touches_ThatAreOld_AreForgotten_InBatches()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.Sessions.PutTouchAsync(
                new ResourceTouch($"order_id={i % 2}", $"s-{i}", 1, "r", "refund", TouchState.Done, Noon.AddHours(i)), None);
        }

        Assert.Equal(2, await Store.Retention.PurgeTouchesAsync(Noon.AddHours(3), 2, None));
        Assert.Equal(1, await Store.Retention.PurgeTouchesAsync(Noon.AddHours(3), 2, None));

        Assert.Empty(await Store.Sessions.ListTouchesAfterAsync("order_id=0", new DocumentKey("s-0", 1, "r"), None));
        await Store.Sessions.PutTouchAsync(new ResourceTouch("order_id=1", "s-9", 1, "r", "refund", TouchState.Done, Noon.AddHours(9)), None);
        Assert.Equal(["s-9"], (await Store.Sessions.ListTouchesAfterAsync("order_id=1", new DocumentKey("s-3", 1, "r"), None)).Select(touch => touch.SessionId));
    }

    private async Task AddAsync(string id, SessionStatus status)
    {
        await Store.Sessions.TryCreateAsync(SessionFacts.Session(id, Noon), None);
        foreach (var (step, length) in new[] { ("plan", 10), ("result:r", 100), ("large", 1_500_000) })
        {
            // What does not compress, as a table would have it: in rows of its own.
            var text = string.Concat(Enumerable.Range(0, length / 10).Select(i => ((i * 7919L) % 10_000_000_019L).ToString("D10", System.Globalization.CultureInfo.InvariantCulture)));
            await Store.Sessions.PutDocumentAsync(new DocumentKey(id, 1, step), SessionFacts.Json($"\"{text}\""), None);
        }
        await Store.Sessions.AppendTimelineAsync([SessionFacts.Entry("1/plan", Noon, id)], None);
        await Store.Sessions.UpdateProgressAsync(id, new SessionProgress { Revision = 3, Status = status }, Noon, None);
    }
}
