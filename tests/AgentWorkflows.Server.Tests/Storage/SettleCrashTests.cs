using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>A look at what became of a call, on a real store, that dies before and after everything it writes, while the world changes: it says one thing.</summary>
public sealed class SettleCrashTests : StepCrashTests
{
    private int _sessions;

    [Fact(Timeout = 60_000)]
    public async Task ALook_ThatDiesAnywhere_SaysWhatItSawFirst()
    {
        var hash = await new AgentSnapshots(Store).SaveAsync(Agent, default);
        var crashed = 0;
        while ((await RunAsync(hash, crashed + 1)).AllReached)
        {
            crashed++;
        }
        Assert.InRange(crashed, 6, 40);
    }

    private async Task<CrashPoints> RunAsync(string hash, int crash)
    {
        var points = new CrashPoints(crash);
        var session = new SessionRef($"s-{++_sessions}", "desk", hash, "u-1", "refund");
        await Store.TryCreateAsync(SessionFacts.Session(session.Id, DateTimeOffset.UtcNow, "desk") with { SnapshotHash = hash }, default);
        var step = new StepContext(session, 1, new SessionProgress { Revision = 1, Status = SessionStatus.Running, Phase = "settle", Turn = 1 });
        await Store.PutAsync(Documents.Plan(step), new PlanDocument(new Plan { Steps = [ScriptedChatModel.Step("a", "pay", new { id = 7 })] }, 0, 0), default);
        var sight = new Sight();
        SettleOutput? output = null;
        while (output is null)
        {
            try
            {
                var store = new CrashingSessionStore(Store, points);
                output = await new SettleActivity(
                    store, new StepReader(store, new AgentSnapshots(Store)), new ToolRunner(new ToolCatalog([sight]), TimeProvider.System, NullLogger<ToolRunner>.Instance),
                    new ToolTraffic(TimeProvider.System), new StepRecorder(store, TimeProvider.System))
                    .RunAsync(new Context(session.Id), new SettleInput(step, "a", $"{session.Id}/1/a", 1, Last: false, 1), default);
            }
            catch (CrashException)
            {
                // Started again, by a process that remembers nothing.
            }
        }
        var kept = await Store.GetDocumentAsync(Documents.Look(step, "a", 1), default);
        Assert.Equal(kept!.Value.GetProperty("happened").GetBoolean() ? SettleVerdict.TookEffect : SettleVerdict.DidNot, output.Verdict);
        Assert.Equal(output.Verdict == SettleVerdict.TookEffect, await Store.GetDocumentAsync(Documents.Found(step, "a"), default) is not null);
        Assert.Single(await Store.ListTimelineAsync(session.Id, 0, 100, default));
        return points;
    }

    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Tools =
        [
            new ToolContract
            {
                Name = "pay", Implementation = "pay", Description = "Pays.", Tier = ToolTier.WriteSafe, ResourceArgument = "id", Parameters = SessionFacts.Json("""{"type":"object"}"""),
                Settle = new SettleContract { Tool = "paid" },
            },
            new ToolContract { Name = "paid", Implementation = "paid", Description = "Looks.", Tier = ToolTier.Read, Parameters = SessionFacts.Json("""{"type":"object"}""") },
        ],
        Permissions = [],
        Prices = new Dictionary<string, ModelPrice>(),
    };

    private sealed record Context(string InstanceId) : IActivityContext
    {
        public string Name => "session.settle";
    }

    /// <summary>Sees it happen after the first look.</summary>
    private sealed class Sight : ITool
    {
        private int _looks;

        public string Name => "paid";

        public JsonElement ParametersSchema => SessionFacts.Json("""{"type":"object"}""");

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult<ToolResult>(new ToolResult.Success(JsonSerializer.SerializeToElement(new { happened = ++_looks > 1 })));
    }
}
