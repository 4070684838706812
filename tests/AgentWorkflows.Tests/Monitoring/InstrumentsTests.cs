using System.Diagnostics.Metrics;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Monitoring;

public sealed class InstrumentsTests
{
    private static readonly StepContext Step = new(new SessionRef("s-1", "desk", "sha256:abc", "u-1", "refund"), 1, new SessionProgress { Status = SessionStatus.Completed, Turn = 2 });

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        using var instruments = new Instruments();
        var request = new ChatRequest
        {
            SessionId = "s-1",
            Turn = 1,
            SnapshotHash = "h",
            Purpose = ModelPurpose.Plan,
            Deployment = "gpt",
            Messages = [],
            MaxOutputTokens = 100,
        };
        var completed = new ChatResult.Completed("text", new ChatUsage(10, 0, 5)) { Model = "gpt-1" };
        var contract = new ToolContract { Name = "t", Implementation = "t", Description = "", Parameters = default };
        var run = new ToolRun(ToolResult.Permanent("no", "no"), ActionOutcome.NotDone);
        var refused = new ReserveOutcome.Refused("session:s-1", 1, 1, 1);
        var failure = new SessionFailure(FailureCategory.Budget, "max_cost", "");
        RecordAll();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            RecordAll();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void RecordAll()
        {
            instruments.Root("start_session", Step.Session)?.Dispose();
            instruments.SessionStarted(Step.Session);
            instruments.ChatEnded(instruments.Chat(Step, request, "openai"), request, "openai", completed, TimeSpan.FromSeconds(1));
            instruments.ToolCalled(instruments.Tool(Step, contract, 1, false), Step, contract, run, TimeSpan.FromSeconds(1), false);
            instruments.Spent(Step, CostKind.Model, "gpt", 12);
            instruments.CapRefused(Step, CostKind.Tool, refused);
            instruments.InjectionDetected("desk", "t", InjectionPolicy.Log);
            instruments.Escalated(Step, NextRung.Halt);
            instruments.BreakerOpened("tool", "t");
            instruments.SessionEnded(Step, failure, null, DateTimeOffset.UnixEpoch);
        }
    }

    [Fact]
    public void Every_defined_metric_exists_once_with_its_unit()
    {
        using var instruments = new Instruments();
        var published = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, instruments.Meter))
                {
                    published.Add(instrument);
                }
            },
        };
        listener.Start();

        Assert.Equal(
            Metrics.All.Select(metric => (metric.Name, metric.Unit)).Order(),
            published.Select(instrument => (instrument.Name, instrument.Unit!)).Order());
        Assert.All(Metrics.All, metric => Assert.Equal(metric.Kind == MetricKind.Histogram, metric.Buckets.Count > 0));
        Assert.All(published, instrument => Assert.StartsWith(
            Metrics.All.Single(metric => metric.Name == instrument.Name).Kind.ToString(), instrument.GetType().Name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_breaker_that_opens_is_counted_once()
    {
        using var instruments = new Instruments();
        var openings = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (ReferenceEquals(instrument.Meter, instruments.Meter) && instrument.Name == Metrics.BreakerOpenings.Name)
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => openings.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
        var health = new ModelHealth(new SetClock(), opened: instruments.BreakerOpened);

        for (var i = 0; i < 7; i++)
        {
            health.Calls.Record("gpt", success: false);
            health.Quality.Record("mini", good: false);
        }

        Assert.Equal(["deployment gpt", "quality mini"], openings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_that_others_choose_are_bounded()
    {
        var names = new BoundedNames(2);

        Assert.Equal(["a", "b", "_OTHER", "a"], new[] { "a", "b", "c", "a" }.Select(names.Of));
    }
}
