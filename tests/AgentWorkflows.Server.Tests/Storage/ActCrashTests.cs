using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;
using AgentWorkflows.Words;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>A paid tool call on real stores that dies before and after everything it does, and runs again until it ends.</summary>
public sealed class ActCrashTests : StepCrashTests
{
    private const long Price = 300;

    private int _sessions;

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACall_ThatDiesAnywhere_LeavesALedgerThatIsNeverBelowTheBill(bool idempotent)
    {
        var hash = await new AgentSnapshots(Store).SaveAsync(AgentWith(idempotent), default);
        var crashed = 0;
        while ((await RunAsync(hash, idempotent, crashed + 1)).AllReached)
        {
            crashed++;
        }
        Assert.InRange(crashed, 14, 60);
    }

    [Fact(Timeout = 60_000)]
    public async Task ACall_CutOffAndThenRefusedByACap_IsNotSaidToBeUndone()
    {
        var hash = await new AgentSnapshots(Store).SaveAsync(AgentWith(idempotent: true), default);
        var session = await StartAsync(hash);
        await Ledger.ReserveAsync(
            LedgerFacts.Entry($"{session.Id}/1/act:a/1", session.Id), Price, [new CostCap($"session:{session.Id}", Price)], DateTimeOffset.UtcNow, default);
        await Ledger.BeginAsync($"{session.Id}/1/act:a/1", DateTimeOffset.UtcNow, default);

        var output = await StepAsync(session, new CrashPoints(), new PaidTool(), new SessionLimits { MaxCostMicros = Price });

        Assert.Equal((false, ActionOutcome.Unknown, Price), (output.Succeeded, output.Action, output.CostMicros));
    }

    private async Task<CrashPoints> RunAsync(string hash, bool idempotent, int crash)
    {
        var points = new CrashPoints(crash);
        var session = await StartAsync(hash);
        var tool = new PaidTool();
        ActOutput? output = null;
        while (output is null)
        {
            try
            {
                output = await StepAsync(session, points, tool, new SessionLimits());
            }
            catch (CrashException)
            {
                Assert.InRange(tool.Calls * Price, 0, LedgerFacts.Total(await Ledger.ListAsync(session.Id, default)));
            }
        }
        var entries = await Ledger.ListAsync(session.Id, default);
        var total = LedgerFacts.Total(entries);
        Assert.Equal(total, output.CostMicros);
        Assert.Equal(total, await LedgerFacts.UsedAsync(Ledger, $"session:{session.Id}"));
        Assert.All(entries, entry => Assert.Equal(LedgerEntryStatus.Settled, entry.Status));
        Assert.InRange(total - (tool.Calls * Price), 0, LedgerFacts.Total(entries.Where(entry => entry.Actual!.InDoubt)));
        Assert.InRange(tool.Calls, idempotent ? 1 : 0, idempotent ? 2 : 1);
        return points;
    }

    private async Task<SessionRef> StartAsync(string hash)
    {
        var session = new SessionRef($"s-{++_sessions}", "desk", hash, $"u-{_sessions}", "refund");
        await Store.TryCreateAsync(SessionFacts.Session(session.Id, DateTimeOffset.UtcNow, "desk") with { SnapshotHash = hash }, default);
        var plan = new Plan { Steps = [ScriptedChatModel.Step("a", "lookup", new { })] };
        await Store.PutAsync(Documents.Plan(StepOf(session)), new PlanDocument(plan, 0, 0), default);
        return session;
    }

    /// <summary>One attempt, by a process that remembers nothing.</summary>
    private Task<ActOutput> StepAsync(SessionRef session, CrashPoints points, PaidTool tool, SessionLimits limits)
    {
        var store = new CrashingSessionStore(Store, points);
        var activity = new ActActivity(
            store, new SqliteApprovalStore(Database), new StepReader(store, new AgentSnapshots(Store)),
            new ToolRunner(new ToolCatalog([tool]), TimeProvider.System, NullLogger<ToolRunner>.Instance),
            new ToolTraffic(TimeProvider.System), new MeteredCalls(new CrashingCostLedger(Ledger, points), TimeProvider.System),
            new CostCapOptions { GlobalPerHourMicros = 1L << 53 }, new StepRecorder(store, TimeProvider.System));
        return activity.RunAsync(new Context(session.Id), new ActInput(StepOf(session), "a", 1, $"{session.Id}:a", null, limits), default);
    }

    private static StepContext StepOf(SessionRef session) => new(session, 1, new SessionProgress { Revision = 1, Status = SessionStatus.Running, Phase = "act", Turn = 1 });

    private static AgentDefinition AgentWith(bool idempotent) => new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Tools =
        [
            new ToolContract
            {
                Name = "lookup",
                Implementation = "lookup",
                Description = "Looks it up, for money.",
                Tier = ToolTier.WriteSafe,
                Idempotent = idempotent,
                CostMicrosPerCall = Price,
                Parameters = SessionFacts.Json("""{"type":"object"}"""),
            },
        ],
        Permissions = [new PermissionRule { Effect = PermissionEffect.Allow }],
        Prices = new Dictionary<string, ModelPrice>(),
    };

    private sealed record Context(string InstanceId) : IActivityContext
    {
        public string Name => "session.act";
    }

    private sealed class PaidTool : ITool
    {
        public int Calls { get; private set; }

        public string Name => "lookup";

        public JsonElement ParametersSchema => SessionFacts.Json("""{"type":"object"}""");

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult<ToolResult>(new ToolResult.Success(SessionFacts.Json("1")));
        }
    }
}
