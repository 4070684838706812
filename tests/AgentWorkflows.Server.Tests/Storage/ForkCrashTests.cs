using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>The copying of a fork's turns, on a real store, that dies before and after everything it does, and runs again until it ends.</summary>
public sealed class ForkCrashTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = 60_000)]
    public async Task Copying_that_dies_anywhere_leaves_each_document_and_entry_once()
    {
        var open = ProductFile<ISessionStore>.Of(database => new SqliteSessionStore(database, TimeProvider.System));
        await using var file = await open();
        var store = file.Store;
        await store.TryCreateAsync(SessionFacts.Session("source", Noon), default);
        for (var turn = 1; turn <= 3; turn++)
        {
            await PlanAsync(store, turn);
        }
        var crashed = 0;
        while (true)
        {
            var fork = $"fork-{crashed}";
            await store.TryCreateAsync(SessionFacts.Session(fork, Noon) with { ForkedFrom = new ForkSource("source", 2) }, default);
            var points = new CrashPoints(crashed + 1);
            var output = await UntilDoneAsync(new CrashingSessionStore(store, points), fork);

            Assert.Equal((4, 2, 2), (output.Documents, output.SucceededCalls, output.CallsByTool["get_order"]));
            Assert.Equal(await TextsAsync(store, "source"), await TextsAsync(store, fork));
            Assert.Single(await store.ListTimelineAsync(fork, 0, 100, default));
            Assert.Empty(await store.ListDocumentsAsync(fork, 0, default));
            if (!points.AllReached)
            {
                break;
            }
            crashed++;
        }
        // Progress, four documents and the timeline entry, before and after each.
        Assert.Equal(12, crashed);
    }

    private static async Task<ForkOutput> UntilDoneAsync(ISessionStore store, string fork)
    {
        var session = new SessionRef(fork, "order-desk", "sha256:abc", "u-1", "refund");
        var input = new ForkInput(new StepContext(session, 2, new SessionProgress { Revision = 2, Status = SessionStatus.Running, Turn = 2 }), new ForkSource("source", 2));
        while (true)
        {
            try
            {
                return await new ForkActivity(store, new StepRecorder(store, TimeProvider.System)).RunAsync(null!, input, default);
            }
            catch (CrashException)
            {
                // It runs again, as the engine would have it.
            }
        }
    }

    private static async Task PlanAsync(ISessionStore store, int turn)
    {
        var plan = new PlanDocument(new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 })] }, 10, 10);
        var seen = new Observation { Turn = turn, StepId = "look", Tool = "get_order", Status = ObservationStatus.Succeeded };
        await store.PutDocumentAsync(new DocumentKey("source", turn, "plan"), JsonSerializer.SerializeToElement(plan, DurableJson.Options), default);
        await store.PutDocumentAsync(new DocumentKey("source", turn, "observation:look"), JsonSerializer.SerializeToElement(seen, DurableJson.Options), default);
    }

    private static async Task<IEnumerable<(int Turn, string Step, string Content)>> TextsAsync(ISessionStore store, string session) =>
        (await store.ListDocumentsAsync(session, 2, default)).Select(document => (document.Key.Turn, document.Key.Step, document.Content.GetRawText()));
}
