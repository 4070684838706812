using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Tests.Processes;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.Extensions.Logging.Abstractions;
using OrderDesk;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>A compensation on real stores and the real order desk that dies before and after everything it does, and runs again until it ends.</summary>
public sealed class CompensateCrashTests : StepCrashTests
{
    private ToolCatalog _tools = null!;
    private string _hash = "";
    private int _sessions;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _tools = new ToolCatalog(OrderDeskTools.Create(Path.Combine(Folder.FullName, "order-desk.db"), TimeProvider.System));
        var loaded = Assert.IsType<AgentLoadResult.Loaded>(AgentFolder.Load(SessionWorld.ShippedAgents, _tools));
        _hash = await new AgentSnapshots(Store).SaveAsync(loaded.Agents.Single(agent => agent.Name == "order-desk"), default);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(ActionOutcome.Done)]
    [InlineData(ActionOutcome.Unknown)]
    public async Task ACompensation_ThatDiesAnywhere_HappensOnce(ActionOutcome action)
    {
        var crashed = 0;
        while ((await RunAsync(action, ran: true, crashed + 1)).AllReached)
        {
            crashed++;
        }
        Assert.InRange(crashed, 6, 60);
    }

    [Fact(Timeout = 60_000)]
    public async Task ACompensation_OfAnActionThatNeverRan_ChangesNothing_AndKeepsItFromRunning()
    {
        Assert.False((await RunAsync(ActionOutcome.Unknown, ran: false, 1_000)).AllReached);

        var late = await Tool("add_note").ExecuteAsync(Invocation("add_note", new { order_id = 1042, text = "late" }, "s-1/1/a"), default);

        Assert.IsType<ToolResult.Failure>(late);
        Assert.Equal(0, Orders.Number("SELECT count(*) FROM notes WHERE text = 'late'"));
    }

    private OrderDeskFile Orders => new(Folder.FullName);

    private async Task<CrashPoints> RunAsync(ActionOutcome action, bool ran, int crash)
    {
        var points = new CrashPoints(crash);
        var session = new SessionRef($"s-{++_sessions}", "order-desk", _hash, "u-1", "note");
        await Store.TryCreateAsync(SessionFacts.Session(session.Id, DateTimeOffset.UtcNow) with { SnapshotHash = _hash }, default);
        var step = new StepContext(session, 1, new SessionProgress { Revision = 1, Status = SessionStatus.Compensating, Phase = "compensate", Turn = 1 });
        var plan = new Plan { Steps = [ScriptedChatModel.Step("a", "add_note", new { order_id = 1042, text = "hello" })] };
        await Store.PutAsync(Documents.Plan(step), new PlanDocument(plan, 0, 0), default);
        var key = $"{session.Id}/1/a";
        // Any call makes the database, so that there is a state to compare with.
        await Tool("get_order").ExecuteAsync(Invocation("get_order", new { order_id = 1042 }, "read"), default);
        var before = Orders.Dump();
        if (ran)
        {
            Assert.IsType<ToolResult.Success>(await Tool("add_note").ExecuteAsync(Invocation("add_note", new { order_id = 1042, text = "hello" }, key), default));
            Assert.NotEqual(before, Orders.Dump());
        }
        var entry = new CompensationEntry { Index = 0, Turn = 1, StepId = "a", Tool = "add_note", IdempotencyKey = key, Action = action };

        Assert.Equal(CompensationStatus.Done, (await UntilItEndsAsync(new CompensateInput(step, entry, 1), points)).Status);

        Assert.Equal(before, Orders.Dump());
        Assert.Equal(1, Orders.Number($"SELECT count(*) FROM effects WHERE session_id = '{session.Id}' AND tool = 'delete_note'"));
        Assert.Single(await Store.ListTimelineAsync(session.Id, 0, 100, default), shown => shown.Kind == TimelineKind.Compensation);
        return points;
    }

    private async Task<CompensateOutput> UntilItEndsAsync(CompensateInput input, CrashPoints points)
    {
        while (true)
        {
            // Each time a process that remembers nothing.
            using var death = new CancellationTokenSource();
            var store = new CrashingSessionStore(Store, points);
            var activity = new CompensateActivity(
                store, new StepReader(store, new AgentSnapshots(Store)), new ToolRunner(new DyingTools(_tools, points, death), TimeProvider.System, NullLogger<ToolRunner>.Instance),
                new StepRecorder(store, TimeProvider.System));
            try
            {
                return await activity.RunAsync(new Context(input.Step.Session.Id), input, death.Token);
            }
            catch (Exception e) when (e is CrashException or OperationCanceledException)
            {
                // Started again.
            }
        }
    }

    private ITool Tool(string name) => _tools.Find(name)!;

    private static ToolInvocation Invocation(string tool, object arguments, string key) =>
        new(key.Split('/')[0], tool, JsonSerializer.SerializeToElement(arguments), key);

    private sealed record Context(string InstanceId) : IActivityContext
    {
        public string Name => "session.compensate";
    }

    /// <summary>Tools during which the process can die.</summary>
    private sealed class DyingTools(IToolCatalog inner, CrashPoints points, CancellationTokenSource death) : IToolCatalog, ITool
    {
        private ITool _tool = null!;

        public IReadOnlyCollection<string> Names => inner.Names;

        public string Name => _tool.Name;

        public JsonElement ParametersSchema => _tool.ParametersSchema;

        public ITool? Find(string implementation)
        {
            _tool = inner.Find(implementation)!;
            return this;
        }

        public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
        {
            try
            {
                return await points.AroundAsync("tool", () => _tool.ExecuteAsync(invocation, cancellationToken));
            }
            catch (CrashException)
            {
                // The whole process goes, not the call: nothing of it is caught and recorded.
                await death.CancelAsync();
                throw new OperationCanceledException(death.Token);
            }
        }
    }
}
