using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>A planning step on real stores that dies before and after everything it does, once and twice, and runs again until it ends.</summary>
public sealed class PlanCrashTests : ModelStepCrashTests
{
    private int _sessions;

    public enum Answer
    {
        Valid,
        Invalid,
        Billed,
        NotBilled,
    }

    [Theory(Timeout = 300_000)]
    [InlineData(Answer.Valid)]
    [InlineData(Answer.Invalid)]
    [InlineData(Answer.Billed)]
    [InlineData(Answer.NotBilled)]
    public async Task AStep_ThatDiesAnywhere_LeavesALedgerThatIsNeverBelowTheBill(Answer answer)
    {
        var crashed = 0;
        while ((await RunAsync(answer, [crashed + 1])).AllReached)
        {
            crashed++;
        }
        Assert.InRange(crashed, 14, 60);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(Answer.Valid)]
    [InlineData(Answer.Invalid)]
    public async Task AStep_ThatDiesAnywhereTwice_LeavesALedgerThatIsNeverBelowTheBill(Answer answer)
    {
        for (var first = 1; (await RunAsync(answer, [first])).AllReached; first++)
        {
            for (var second = first + 1; (await RunAsync(answer, [first, second])).AllReached; second++)
            {
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task AStep_WhoseRepetitionNoCapAllows_StillReportsWhatTheLostCallMayHaveCost()
    {
        var run = await StartAsync(Answer.Valid);
        await Ledger.ReserveAsync(LedgerFacts.Entry($"{run.SessionId}/1/plan/1", run.SessionId), 700, CapsOf(run), DateTimeOffset.UtcNow, default);
        await Ledger.BeginAsync($"{run.SessionId}/1/plan/1", DateTimeOffset.UtcNow, default);

        var output = await StepAsync(run with { Limits = new SessionLimits { MaxCostMicros = 701 } }, new CrashPoints());

        Assert.Equal((PlanKind.Fail, 700L, "cap_exceeded"), (output.Kind, output.CostMicros, output.Failure!.Type));
        Assert.Empty(run.Model.Requests);
        Assert.True(Assert.Single(await Ledger.ListAsync(run.SessionId, default)).Actual!.InDoubt);
    }

    [Fact(Timeout = 300_000)]
    public async Task AStep_ForADeploymentNobodyConfigured_HoldsNothing()
    {
        var run = await StartAsync(Answer.Valid);

        var output = await StepAsync(run, new CrashPoints(), new NoModels());

        Assert.Equal((PlanKind.Fail, ModelTrouble.Unusable, "model_unknown_deployment"), (output.Kind, output.Trouble, output.Failure!.Type));
        Assert.Empty(await Ledger.ListAsync(run.SessionId, default));
    }

    [Fact(Timeout = 300_000)]
    public async Task AStep_ThatDiesBeforeItsCallWasBegun_IsNotChargedForIt()
    {
        var seen = new List<string>();
        for (var crash = 1; seen.LastOrDefault() != "Crashed before begin."; crash++)
        {
            var run = await StartAsync(Answer.Valid);
            seen.Add((await Assert.ThrowsAsync<CrashException>(() => StepAsync(run, new CrashPoints(crash)))).Message);

            await StepAsync(run, new CrashPoints());

            var entry = Assert.Single(await Ledger.ListAsync(run.SessionId, default));
            Assert.Equal((Pricing.Cost(Price, Usage), false), (entry.CostMicros, entry.Actual!.InDoubt));
            Assert.Single(run.Model.Requests);
        }
        Assert.Contains("Crashed after reserve.", seen);
    }

    private async Task<CrashPoints> RunAsync(Answer answer, int[] crashes)
    {
        var points = new CrashPoints(crashes);
        var run = await StartAsync(answer);
        PlanOutput? output = null;
        while (output is null)
        {
            try
            {
                output = await StepAsync(run, points);
            }
            catch (CrashException)
            {
                Assert.InRange(run.BilledMicros, 0, LedgerFacts.Total(await Ledger.ListAsync(run.SessionId, default)));
            }
        }
        await CheckAsync(run, answer, output);
        return points;
    }

    private async Task CheckAsync(Run run, Answer answer, PlanOutput output)
    {
        var entries = await Ledger.ListAsync(run.SessionId, default);
        var total = LedgerFacts.Total(entries);
        var inDoubt = entries.Where(entry => entry.Actual is { InDoubt: true }).ToList();
        var known = entries.Except(inDoubt).ToList();
        var lostCalls = run.Model.Requests.Count - (answer is Answer.Valid or Answer.Invalid ? 1 : 0);

        Assert.Equal(total, output.CostMicros);
        Assert.Equal(total, await LedgerFacts.UsedAsync(Ledger, $"session:{run.SessionId}"));
        Assert.InRange(run.BilledMicros, 0, total);
        Assert.All(entries, entry => Assert.NotEqual(LedgerEntryStatus.Reserved, entry.Status));
        if (answer is Answer.Valid or Answer.Invalid)
        {
            Assert.Equal(Pricing.Cost(Price, Usage), Assert.Single(known).CostMicros);
            Assert.Equal(Usage.InputTokens, known[0].Actual!.InputTokens);
        }
        else
        {
            Assert.InRange(known.Count, 0, 1);
            Assert.All(known, entry => Assert.Equal(LedgerEntryStatus.Released, entry.Status));
        }
        // What is above the bill is in entries that say so: without them the two are equal.
        Assert.Equal(run.BilledMicros - (lostCalls * run.CostOfOne), LedgerFacts.Total(known));
        Assert.InRange(LedgerFacts.Total(inDoubt), lostCalls * run.CostOfOne, long.MaxValue);
        Assert.Single(await Store.ListTimelineAsync(run.SessionId, 0, 10, default));
    }

    private async Task<Run> StartAsync(Answer answer)
    {
        var id = $"s-{++_sessions}";
        await Store.TryCreateAsync(SessionFacts.Session(id, DateTimeOffset.UtcNow, "desk") with { SnapshotHash = Hash }, default);
        return new Run(id, answer, new ScriptedChatModel(_ => answer switch
        {
            Answer.Valid => new ChatResult.Completed("""{"reason":"Because.","answer":"Done."}""", Usage),
            Answer.Invalid => new ChatResult.Completed("no plan", Usage),
            Answer.Billed => new ChatResult.Failed(ChatFailureKind.Timeout, "late", Billed: true),
            _ => new ChatResult.Failed(ChatFailureKind.RateLimited, "later", Billed: false),
        }));
    }

    /// <summary>One attempt, by a process that remembers nothing.</summary>
    private Task<PlanOutput> StepAsync(Run run, CrashPoints points, IChatModelCatalog? models = null)
    {
        var store = new CrashingSessionStore(Store, points);
        var calls = new MeteredCalls(new CrashingCostLedger(Ledger, points), TimeProvider.System);
        var recorder = new StepRecorder(store, TimeProvider.System);
        var (health, cache) = (new ModelHealth(TimeProvider.System), new AnswerCache(TimeProvider.System));
        models ??= new CrashingModels(run.Model, points);
        var snapshots = new AgentSnapshots(Store);
        var activity = new PlanActivity(
            store, snapshots, new PlanRequests(store, models),
            new ModelCalls(models, health, calls, new InputCalibration(), cache, NoCaps, recorder), health, cache, new PlanReport(store, snapshots, models, recorder), recorder);
        return activity.RunAsync(
            new Context(run.SessionId, "session.plan"),
            new PlanInput(new StepContext(RefOf(run), 1, new SessionProgress { Revision = 1, Status = SessionStatus.Running, Phase = "plan", Turn = 1 }), 1, run.Limits),
            default);
    }

    private SessionRef RefOf(Run run) => new(run.SessionId, "desk", Hash, "u-1", "refund");

    private IReadOnlyList<CostCap> CapsOf(Run run) => CostCaps.For(RefOf(run), run.Limits, NoCaps, DateTimeOffset.UtcNow);

    private sealed record Run(string SessionId, Answer Answer, ScriptedChatModel Model)
    {
        public SessionLimits Limits { get; init; } = new() { MaxCostMicros = 1L << 40 };

        public Micros CostOfOne => Answer == Answer.NotBilled ? Micros.Zero : Pricing.Cost(Price, Usage);

        /// <summary>What the provider charges: every request that reached it.</summary>
        public Micros BilledMicros => Model.Requests.Count * CostOfOne;
    }

    private sealed class NoModels : IChatModelCatalog
    {
        public IChatModel? Find(string deployment) => null;

        public string Resolve(string deployment) => ScriptedChatModel.Deployment;

        public string Describe(string deployment) => "none";
    }
}
