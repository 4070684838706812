using System.Text;
using System.Text.Json;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="ISessionStore"/> promises about sessions, documents, the timeline and snapshots. <see cref="SessionListConformance"/> has the lists.</summary>
public abstract class SessionStoreConformance(Func<Task<StoreUnderTest<ISessionStore>>> open) : StoreConformance<ISessionStore>(open)
{
    private const int MaxDocumentBytes = 4 * 1024 * 1024;

    private static readonly DocumentKey PlanKey = new("s-1", 1, "plan");

    [Fact(Timeout = TestTimeout)]
    public async Task Progress_IsReplacedOnlyWhileItsRevisionIsTheExpectedOne()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        await Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 5, Status = SessionStatus.Running }, Noon, None);

        Assert.False(await Store.TryReplaceProgressAsync("s-1", 4, new SessionProgress { Revision = 9, Status = SessionStatus.Terminated }, Noon, None));
        Assert.False(await Store.TryReplaceProgressAsync("s-2", 0, new SessionProgress { Revision = 9 }, Noon, None));
        Assert.Equal((5, SessionStatus.Running), await ProgressAsync());
        Assert.True(await Store.TryReplaceProgressAsync("s-1", 5, new SessionProgress { Revision = 9, Status = SessionStatus.Terminated }, Noon, None));
        Assert.Equal((9, SessionStatus.Terminated), await ProgressAsync());

        async Task<(long, SessionStatus)> ProgressAsync()
        {
            var progress = (await Store.GetAsync("s-1", None))!.Progress;
            return (progress.Revision, progress.Status);
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AnEnding_KeepsItsFirstReason_AndARollbackOnceAskedForStaysAskedFor()
    {
        var first = new SessionEnding("s-1", "wrong “order” 🚀", RollBack: false, Noon);

        Assert.Equal(first, await Store.PutEndingAsync(first, None));
        Assert.Equal(first with { RollBack = true }, await Store.PutEndingAsync(first with { Reason = "other", RollBack = true, AskedAt = Noon.AddHours(1) }, None));
        Assert.Equal(first with { RollBack = true }, await Store.PutEndingAsync(first, None));
        await Store.PutEndingAsync(new SessionEnding("s-2", null, RollBack: true, Noon), None);

        Assert.Equal(["s-1", "s-2"], (await Store.ListEndingsAsync(10, None)).Select(ending => ending.SessionId).Order(StringComparer.Ordinal));
        Assert.Single(await Store.ListEndingsAsync(1, None));
        // Finished without the rollback that was asked for since: it stays.
        await Store.RemoveEndingAsync(first, None);
        Assert.Equal(2, (await Store.ListEndingsAsync(10, None)).Count);
        await Store.RemoveEndingAsync(first with { RollBack = true }, None);
        await Store.RemoveEndingAsync(first with { RollBack = true }, None);
        Assert.Equal(new SessionEnding("s-2", null, RollBack: true, Noon), Assert.Single(await Store.ListEndingsAsync(10, None)));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Endings_ThatManyAskForAtOnce_AreOne()
    {
        var endings = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => Store.PutEndingAsync(new SessionEnding("s-1", $"by {i}", RollBack: i % 2 == 0, Noon), None))));

        var kept = Assert.Single(await Store.ListEndingsAsync(10, None));
        Assert.True(kept.RollBack);
        Assert.All(endings, ending => Assert.Equal(kept.Reason, ending.Reason));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfANewSession_KeepsEverything()
    {
        var session = SessionFacts.Session("s-1", Noon);

        Assert.True(await Store.TryCreateAsync(session, None));

        Assert.Equal(SessionFacts.Text(session), SessionFacts.Text(await Store.GetAsync("s-1", None)));
        Assert.Null(await Store.GetAsync("s-2", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfAFork_KeepsItsSource()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon) with { ForkedFrom = new ForkSource("s-0", 3) }, None);

        Assert.Equal(new ForkSource("s-0", 3), (await Store.GetAsync("s-1", None))!.ForkedFrom);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ShowProgress_IsThereWithTheCallersNextWrite()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);

        await Store.ShowProgressAsync("s-1", new SessionProgress { Revision = 5, Status = SessionStatus.Running, Turn = 2 }, Noon, None);
        await Store.PutDocumentAsync(PlanKey, JsonSerializer.SerializeToElement("plan"), None);

        Assert.Equal((5, 2), ((await Store.GetAsync("s-1", None))!.Progress.Revision, (await Store.GetAsync("s-1", None))!.Progress.Turn));
        await Store.ShowProgressAsync("s-1", new SessionProgress { Revision = 4 }, Noon, None);
        await Store.PutDocumentAsync(PlanKey with { Step = "next" }, JsonSerializer.SerializeToElement("next"), None);
        Assert.Equal(5, (await Store.GetAsync("s-1", None))!.Progress.Revision);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task SetSuspended_LeavesProgressAloneAndIsClearedByTheEnd()
    {
        var running = new SessionProgress { Revision = 5, Status = SessionStatus.Running, Turn = 2 };
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        await Store.UpdateProgressAsync("s-1", running, Noon, None);

        await Store.SetSuspendedAsync("s-1", true, Noon.AddMinutes(1), None);
        var held = (await Store.GetAsync("s-1", None))!;
        await Store.UpdateProgressAsync("s-1", running with { Revision = 6, Turn = 3 }, Noon, None);
        Assert.True((await Store.GetAsync("s-1", None))!.Suspended);
        await Store.UpdateProgressAsync("s-1", running with { Revision = 7, Status = SessionStatus.Terminated }, Noon, None);
        await Store.SetSuspendedAsync("s-1", true, Noon, None);
        await Store.SetSuspendedAsync("nobody", true, Noon, None);

        Assert.True(held.Suspended);
        Assert.Equal((5, 2, Noon.AddMinutes(1)), (held.Progress.Revision, held.Progress.Turn, held.UpdatedAt));
        Assert.False((await Store.GetAsync("s-1", None))!.Suspended);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task SetFeedback_KeepsTheLastOneAndOutlivesProgress()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        var last = new SessionFeedback(FeedbackRating.Good, "“schön” 🚀", "bo", Noon.AddHours(1));

        Assert.True(await Store.SetFeedbackAsync("s-1", new SessionFeedback(FeedbackRating.Bad, null, "ada", Noon), None));
        Assert.True(await Store.SetFeedbackAsync("s-1", last, None));
        await Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 1, Status = SessionStatus.Completed }, Noon, None);

        Assert.Equal(last, (await Store.GetAsync("s-1", None))!.Feedback);
        Assert.False(await Store.SetFeedbackAsync("nobody", last, None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfAnIdThatExists_AnswersFalseAndChangesNothing()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);

        Assert.False(await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon.AddDays(1)) with { Goal = "another" }, None));

        Assert.Equal(Noon, (await Store.GetAsync("s-1", None))!.CreatedAt);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfOneIdByManyAtOnce_SucceedsForOne()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Store.TryCreateAsync(SessionFacts.Session("s-1", Noon) with { Goal = $"{i}" }, None))));

        Assert.Equal($"{Array.IndexOf(created, true)}", (await Store.GetAsync("s-1", None))!.Goal);
        Assert.Single(created, true);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task UpdateProgress_OfAHigherRevision_ReplacesItAll()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        var progress = new SessionProgress
        {
            Revision = 3,
            Status = SessionStatus.Failed,
            Phase = "done",
            Turn = 2,
            ToolCalls = 4,
            CostMicros = 1L << 53,
            Tokens = 99,
            Answer = "partly",
            Failure = new SessionFailure(FailureCategory.Budget, "cap_exceeded", "no"),
        };

        await Store.UpdateProgressAsync("s-1", progress, Noon.AddMinutes(1), None);

        var stored = (await Store.GetAsync("s-1", None))!;
        Assert.Equal(SessionFacts.Text(progress), SessionFacts.Text(stored.Progress));
        Assert.Equal((Noon, Noon.AddMinutes(1)), (stored.CreatedAt, stored.UpdatedAt));
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(0)]
    public async Task UpdateProgress_OfAnEqualOrOlderRevision_ChangesNothing(long revision)
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        await Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 5, Status = SessionStatus.Completed }, Noon.AddMinutes(1), None);
        var before = SessionFacts.Text(await Store.GetAsync("s-1", None));

        await Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = revision, Status = SessionStatus.Running }, Noon.AddMinutes(2), None);

        Assert.Equal(before, SessionFacts.Text(await Store.GetAsync("s-1", None)));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task UpdateProgress_InAnyOrderByManyAtOnce_EndsAtTheHighestRevision()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        var revisions = Enumerable.Range(1, 64).ToArray();
        new Random(11).Shuffle(revisions);

        await Task.WhenAll(revisions.Select(revision => Task.Run(
            () => Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = revision, Turn = revision }, Noon, None))));

        Assert.Equal(64, (await Store.GetAsync("s-1", None))!.Progress.Turn);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task UpdateProgress_OfAnUnknownSession_DoesNothing()
    {
        await Store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 1 }, Noon, None);

        Assert.Null(await Store.GetAsync("s-1", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task PutDocument_OfTheSameKeyAgain_AnswersTheFirst()
    {
        var first = await Store.PutDocumentAsync(PlanKey, SessionFacts.Json("""{"a":1}"""), None);
        var second = await Store.PutDocumentAsync(PlanKey, SessionFacts.Json("""{"a":2}"""), None);

        Assert.Equal("""{"a":1}""", first.GetRawText());
        Assert.Equal("""{"a":1}""", second.GetRawText());
        Assert.Equal("""{"a":1}""", (await Store.GetDocumentAsync(PlanKey, None))!.Value.GetRawText());
        Assert.Null(await Store.GetDocumentAsync(PlanKey with { Turn = 2 }, None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task PutDocument_ByManyAtOnce_AnswersTheSameToAll()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Store.PutDocumentAsync(PlanKey, SessionFacts.Json($"{i}"), None))));

        Assert.Single(answers.Select(answer => answer.GetInt32()).Distinct());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task PutDocument_OfExactly4MiB_IsKeptAndAByteMoreIsRefused()
    {
        var most = SessionFacts.Json('"' + new string('x', MaxDocumentBytes - 2) + '"');
        var more = SessionFacts.Json('"' + new string('x', MaxDocumentBytes - 3) + "é\"");

        await Store.PutDocumentAsync(PlanKey, most, None);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Store.PutDocumentAsync(PlanKey with { Step = "result:big" }, more, None));

        Assert.Equal(MaxDocumentBytes, Encoding.UTF8.GetByteCount((await Store.GetDocumentAsync(PlanKey, None))!.Value.GetRawText()));
        Assert.Contains("result:big", refused.Message, StringComparison.Ordinal);
        Assert.Null(await Store.GetDocumentAsync(PlanKey with { Step = "result:big" }, None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Document_OfJsonNull_IsADocument()
    {
        await Store.PutDocumentAsync(PlanKey, SessionFacts.Json("null"), None);

        Assert.Equal(JsonValueKind.Null, (await Store.GetDocumentAsync(PlanKey, None))!.Value.ValueKind);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ListDocuments_IsByTurnThenAsWrittenAndEndsWithTheTurnAskedFor()
    {
        foreach (var (turn, step) in new[] { (2, "plan"), (1, "z"), (11, "plan"), (1, "a"), (2, "a"), (1, "m") })
        {
            await Store.PutDocumentAsync(new DocumentKey("s-1", turn, step), SessionFacts.Json($"{turn}"), None);
        }
        await Store.PutDocumentAsync(new DocumentKey("s-10", 1, "plan"), SessionFacts.Json("0"), None);

        var documents = await Store.ListDocumentsAsync("s-1", 2, None);

        Assert.Equal(["1/z", "1/a", "1/m", "2/plan", "2/a"], documents.Select(document => $"{document.Content}/{document.Key.Step}"));
        Assert.All(documents, document => Assert.Equal(document.Content.GetInt32(), document.Key.Turn));
        Assert.Equal(6, (await Store.ListDocumentsAsync("s-1", int.MaxValue, None)).Count);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Timeline_IsInTheOrderAddedWithRisingSequences()
    {
        await Store.AppendTimelineAsync([SessionFacts.Entry("1/b", Noon), SessionFacts.Entry("1/a", Noon.AddHours(-1))], None);
        await Store.AppendTimelineAsync([SessionFacts.Entry("1/c", Noon, "s-2"), SessionFacts.Entry("1/c", Noon)], None);

        var entries = await Store.ListTimelineAsync("s-1", 0, 100, None);

        Assert.Equal(["1/b", "1/a", "1/c"], entries.Select(entry => entry.Key));
        Assert.Equal(entries.Select(entry => entry.Sequence).Order(), entries.Select(entry => entry.Sequence));
        Assert.True(entries[0].Sequence > 0);
        Assert.Equal(SessionFacts.Text(SessionFacts.Entry("1/b", Noon) with { Sequence = entries[0].Sequence }), SessionFacts.Text(entries[0]));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Timeline_OfAKeyAddedAgain_KeepsTheFirstAndAddsTheOthers()
    {
        await Store.AppendTimelineAsync([SessionFacts.Entry("1/a", Noon)], None);
        await Store.AppendTimelineAsync(
            [SessionFacts.Entry("1/a", Noon) with { Title = "other" }, SessionFacts.Entry("1/b", Noon), SessionFacts.Entry("1/b", Noon) with { Title = "other" }], None);

        Assert.Equal(["Did 1/a", "Did 1/b"], (await Store.ListTimelineAsync("s-1", 0, 100, None)).Select(entry => entry.Title));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Timeline_ReadInPages_MissesAndRepeatsNothing()
    {
        await Store.AppendTimelineAsync([.. Enumerable.Range(0, 45).Select(i => SessionFacts.Entry($"1/{i}", Noon))], None);
        var keys = new List<string>();
        long after = 0;
        while (await Store.ListTimelineAsync("s-1", after, 10, None) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 10);
            keys.AddRange(page.Select(entry => entry.Key));
            after = page[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 45).Select(i => $"1/{i}"), keys);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Snapshot_PutTwice_IsKeptOnce()
    {
        await Store.PutSnapshotAsync("sha256:a", SessionFacts.Json("""{"name":"order-desk"}"""), None);
        await Store.PutSnapshotAsync("sha256:a", SessionFacts.Json("""{"name":"order-desk"}"""), None);

        Assert.Equal("""{"name":"order-desk"}""", (await Store.GetSnapshotAsync("sha256:a", None))!.Value.GetRawText());
        Assert.Null(await Store.GetSnapshotAsync("sha256:b", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reopening_KeepsEverything()
    {
        await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None);
        var progress = new SessionProgress { Revision = 2, Turn = 7 };
        await Store.UpdateProgressAsync("s-1", progress, Noon.AddMinutes(1), None);
        await Store.PutDocumentAsync(PlanKey, SessionFacts.Json("""{"a":1}"""), None);
        await Store.AppendTimelineAsync([SessionFacts.Entry("1/a", Noon)], None);
        await Store.PutSnapshotAsync("sha256:a", SessionFacts.Json("1"), None);
        var before = await EverythingAsync();

        await ReopenAsync();

        Assert.Equal(before, await EverythingAsync());
        await Store.UpdateProgressAsync("s-1", progress with { Turn = 8 }, Noon, None);
        await Store.AppendTimelineAsync([SessionFacts.Entry("1/a", Noon)], None);
        Assert.False(await Store.TryCreateAsync(SessionFacts.Session("s-1", Noon), None));
        Assert.Equal(before, await EverythingAsync());
    }

    private async Task<string> EverythingAsync() => SessionFacts.Text(new object?[]
    {
        await Store.GetAsync("s-1", None),
        (await Store.ListAsync(new SessionQuery(), None)).Sessions,
        await Store.ListDocumentsAsync("s-1", 9, None),
        await Store.ListTimelineAsync("s-1", 0, 100, None),
        await Store.GetSnapshotAsync("sha256:a", None),
    });
}
