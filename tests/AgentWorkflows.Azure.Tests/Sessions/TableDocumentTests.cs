using System.Security.Cryptography;
using System.Text.Json;
using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Record;
using AgentWorkflows.Testing.Conformance;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Sessions;

/// <summary>Documents around the limits of properties (64 KiB) and entities (1 MiB).</summary>
public sealed class TableDocumentTests
{
    private const int TestTimeout = 600_000;

    [Theory(Timeout = TestTimeout)]
    [InlineData(32 * 1024)]
    [InlineData(32 * 1024 + 1)]
    [InlineData(600_000)]
    [InlineData(2_000_000)]
    [InlineData(4 * 1024 * 1024)]
    public async Task Document_ThatDoesNotCompress_IsReadAsItWasWritten(int characters)
    {
        var store = await OpenAsync(TestTables.NewPrefix());
        var document = Random(characters);

        var stored = await store.PutDocumentAsync(Key, document, default);

        Assert.Equal(document.GetRawText(), stored.GetRawText());
        Assert.Equal(document.GetRawText(), Assert.Single(await store.ListDocumentsAsync("s-1", 1, default)).Content.GetRawText());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task LargeDocuments_OfOneKeyByManyAtOnce_AnswerTheSameToAll()
    {
        var prefix = TestTables.NewPrefix();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(prefix)));

        var answers = await Task.WhenAll(stores.Select(store => Task.Run(() => store.PutDocumentAsync(Key, Random(2_000_000), default))));

        var stored = (await stores[0].GetDocumentAsync(Key, default))!.Value.GetRawText();
        Assert.All(answers, answer => Assert.Equal(stored, answer.GetRawText()));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AnAnswerLargerThanAProperty_IsKept()
    {
        var store = await OpenAsync(TestTables.NewPrefix());
        await store.TryCreateAsync(SessionFacts.Session("s-1", DateTimeOffset.UnixEpoch), default);
        var answer = Random(100_000).GetString();

        await store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 1, Answer = answer }, DateTimeOffset.UnixEpoch, default);
        await store.UpdateProgressAsync("s-1", new SessionProgress { Revision = 2 }, DateTimeOffset.UnixEpoch, default);

        Assert.Equal(answer, (await store.GetAsync("s-1", default))!.Progress.Answer);
    }

    private static DocumentKey Key => new("s-1", 1, "result:big");

    private static JsonElement Random(int characters) =>
        SessionFacts.Json('"' + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", characters - 2) + '"');

    private static async Task<ISessionStore> OpenAsync(string prefix) =>
        new TableSessionStore(await TestTables.OpenAsync(prefix), TimeProvider.System);
}
