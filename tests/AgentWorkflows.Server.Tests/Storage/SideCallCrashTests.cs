using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>The steps that ask a model beside the plan, on real stores: they die before and after everything they do, and run again until they end.</summary>
public sealed class SideCallCrashTests : ModelStepCrashTests
{
    private int _sessions;

    /// <param name="step">Which step runs.</param>
    /// <param name="answer">What the model says; "429" and "timeout" for its failures.</param>
    /// <param name="text">What the step makes of it; <c>null</c> when it goes on without.</param>
    [Theory(Timeout = 300_000)]
    [InlineData("answer", "It is paid.", "It is paid.")]
    [InlineData("answer", " ", null)]
    [InlineData("answer", "429", null)]
    [InlineData("answer", "timeout", null)]
    [InlineData("classify", "{\"difficulty\":\"simple\"}", "simple")]
    [InlineData("classify", "easy", null)]
    [InlineData("classify", "timeout", null)]
    [InlineData("summarize", "Paid.", "Paid.")]
    [InlineData("summarize", "timeout", null)]
    public async Task AStep_ThatDiesAnywhere_EndsWithOneAnswer_AndALedgerNeverBelowTheBill(string step, string answer, string? text)
    {
        var crashed = 0;
        while ((await RunAsync(step, answer, text, [crashed + 1])).AllReached)
        {
            crashed++;
        }
        Assert.InRange(crashed, 10, 60);
        for (var first = 1; (await RunAsync(step, answer, text, [first, first + 3])).AllReached; first++)
        {
        }
    }

    private async Task<CrashPoints> RunAsync(string step, string answer, string? text, int[] crashes)
    {
        var points = new CrashPoints(crashes);
        var run = await StartAsync(answer);
        (string? Text, Micros CostMicros, TimeSpan? RetryAfter)? ended = null;
        while (ended is null)
        {
            try
            {
                ended = await StepAsync(step, run, points);
            }
            catch (CrashException)
            {
                Assert.InRange(run.BilledMicros, 0, LedgerFacts.Total(await Ledger.ListAsync(run.SessionId, default)));
            }
        }
        var entries = await Ledger.ListAsync(run.SessionId, default);
        var total = LedgerFacts.Total(entries);
        Assert.Equal((text, total), (ended.Value.Text, ended.Value.CostMicros));
        Assert.Equal(answer == "429", ended.Value.RetryAfter is { } wait && wait <= TimeSpan.FromSeconds(2));
        Assert.InRange(run.BilledMicros, 0, total);
        Assert.All(entries, entry => Assert.NotEqual(LedgerEntryStatus.Reserved, entry.Status));
        Assert.All(entries, entry => Assert.StartsWith($"{run.SessionId}/1/{step}", entry.Entry.Id, StringComparison.Ordinal));
        var known = entries.Where(entry => entry.Actual is { InDoubt: false }).ToList();
        Assert.True(run.CostOfOne == 0 || answer == "timeout" || Assert.Single(known).CostMicros == run.CostOfOne);
        Assert.Single(await Store.ListTimelineAsync(run.SessionId, 0, 10, default));
        return points;
    }

    private async Task<Run> StartAsync(string answer)
    {
        var id = $"s-{++_sessions}";
        await Store.TryCreateAsync(SessionFacts.Session(id, DateTimeOffset.UtcNow, "desk") with { SnapshotHash = Hash }, default);
        await Store.PutAsync(new DocumentKey(id, 1, "plan"), new PlanDocument(new Plan { Answer = "Paid." }, 10, 0) { Draft = true }, default);
        return new Run(id, answer == "429" ? Micros.Zero : Pricing.Cost(Price, Usage), new ScriptedChatModel(_ => answer switch
        {
            "429" => new ChatResult.Failed(ChatFailureKind.RateLimited, "later", Billed: false) { RetryAfter = TimeSpan.FromSeconds(2) },
            "timeout" => new ChatResult.Failed(ChatFailureKind.Timeout, "late", Billed: true),
            _ => new ChatResult.Completed(answer, Usage),
        }));
    }

    /// <summary>One attempt, by a process that remembers nothing.</summary>
    private async Task<(string? Text, Micros CostMicros, TimeSpan? RetryAfter)> StepAsync(string name, Run run, CrashPoints points)
    {
        var store = new CrashingSessionStore(Store, points);
        var recorder = new StepRecorder(store, TimeProvider.System);
        var (health, cache) = (new ModelHealth(TimeProvider.System), new AnswerCache(TimeProvider.System));
        var models = new CrashingModels(run.Model, points, LanguageModel);
        var metered = new MeteredCalls(new CrashingCostLedger(Ledger, points), TimeProvider.System);
        var calls = new ModelCalls(models, health, metered, new InputCalibration(), cache, NoCaps, recorder);
        var side = new SideCalls(store, calls, health, cache, recorder);
        var step = new StepContext(
            new SessionRef(run.SessionId, "desk", Hash, "u-1", "refund"), 1, new SessionProgress { Revision = 1, Status = SessionStatus.Running, Phase = "answer", Turn = 1 });
        var limits = new SessionLimits { MaxCostMicros = 1L << 40 };
        if (name == "classify")
        {
            var judged = await new ClassifyActivity(store, new AgentSnapshots(Store), models, side, recorder)
                .RunAsync(new Context(run.SessionId, $"session.{name}"), new ClassifyInput(step, limits), default);
            var difficulty = await Store.FindAsync<SideDocument>(Documents.Difficulty(step), default);
            Assert.Equal(judged.Simple, difficulty!.Text == "simple");
            return (difficulty.Text, judged.CostMicros, null);
        }
        if (name == "summarize")
        {
            var due = new ContextCareDue(ContextCareKind.Summary, 1, "It is long.");
            var made = await new SummarizeActivity(store, new AgentSnapshots(Store), models, calls, side, recorder)
                .RunAsync(new Context(run.SessionId, $"session.{name}"), new SummarizeInput(step, limits, due), default);
            var summary = await Store.FindAsync<SummaryDocument>(Documents.Summary(step, 1), default);
            return (summary!.ByModel ? summary.Text : null, made.CostMicros, null);
        }
        var answered = await new AnswerActivity(store, new AgentSnapshots(Store), models, side, recorder).RunAsync(new Context(run.SessionId, $"session.{name}"), new AnswerInput(step, 1, limits), default);
        var kept = await Store.FindAsync<SideDocument>(Documents.Answer(step, 1), default);
        Assert.Equal(answered.Written, kept!.Text is not null);
        return (kept.Text, answered.CostMicros, answered.RetryAfter);
    }

    private sealed record Run(string SessionId, Micros CostOfOne, ScriptedChatModel Model)
    {
        /// <summary>What the provider charges: every request that reached it.</summary>
        public Micros BilledMicros => Model.Requests.Count * CostOfOne;
    }
}
