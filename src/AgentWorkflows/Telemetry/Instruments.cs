using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace AgentWorkflows.Telemetry;

/// <summary>
/// What the product measures: one meter and one activity source, both named <see cref="Name"/>. Everything is recorded where it happens, in
/// activities and services, never in orchestrators, which run again on replay. An activity that runs again after a crash may record again: counts are
/// at least once, and the ledger is exact. Costs nothing, allocations included, while nobody listens. Thread-safe.
/// </summary>
internal sealed partial class Instruments : IDisposable
{
    public const string Name = "AgentWorkflows";

    private static readonly Lazy<Instruments> LazyUnobserved = new(() => new Instruments());

    private readonly Meter _meter = new(Name, Version);
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _chatSeconds;
    private readonly Histogram<double> _agentSeconds;
    private readonly Histogram<double> _toolSeconds;
    private readonly Histogram<int> _iterations;
    private readonly Histogram<double> _sessionCost;
    private readonly Histogram<double> _approvalWait;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _cacheHits;
    private readonly Counter<long> _started;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _rollbacks;
    private readonly Counter<long> _toolCalls;
    private readonly Counter<long> _compensations;
    private readonly Counter<long> _guardStops;
    private readonly Counter<long> _escalations;
    private readonly Counter<long> _approvals;
    private readonly Counter<long> _injections;
    private readonly Counter<long> _breakers;
    private readonly Counter<long> _refusals;
    private readonly Gauge<long> _running;
    private readonly Gauge<long> _stuck;
    private readonly Gauge<long> _pending;
    private readonly Gauge<double> _oldest;

    /// <summary>Callers choose task types and providers name their models: so many of each are told apart, the others are one.</summary>
    private readonly BoundedNames _taskTypes = new(100);
    private readonly BoundedNames _responseModels = new(100);

    public Instruments()
    {
        _tokens = Histogram<long>(Metrics.TokenUsage);
        _chatSeconds = Histogram<double>(Metrics.OperationDuration);
        _agentSeconds = Histogram<double>(Metrics.AgentDuration);
        _toolSeconds = Histogram<double>(Metrics.ToolDuration);
        _iterations = Histogram<int>(Metrics.SessionIterations);
        _sessionCost = Histogram<double>(Metrics.SessionCost);
        _approvalWait = Histogram<double>(Metrics.ApprovalWait);
        _cost = Counter<double>(Metrics.Cost);
        _cacheHits = Counter<long>(Metrics.CacheHits);
        _started = Counter<long>(Metrics.SessionsStarted);
        _finished = Counter<long>(Metrics.SessionsFinished);
        _rollbacks = Counter<long>(Metrics.RollbacksFinished);
        _toolCalls = Counter<long>(Metrics.ToolCalls);
        _compensations = Counter<long>(Metrics.Compensations);
        _guardStops = Counter<long>(Metrics.GuardStops);
        _escalations = Counter<long>(Metrics.Escalations);
        _approvals = Counter<long>(Metrics.ApprovalsRequested);
        _injections = Counter<long>(Metrics.Injections);
        _breakers = Counter<long>(Metrics.BreakerOpenings);
        _refusals = Counter<long>(Metrics.CapRefusals);
        _running = Gauge<long>(Metrics.SessionsRunning);
        _stuck = Gauge<long>(Metrics.SessionsStuck);
        _pending = Gauge<long>(Metrics.ApprovalsPending);
        _oldest = Gauge<double>(Metrics.ApprovalsOldest);
    }

    /// <summary>
    /// Where nothing is composed, as in a test of one part. Made when it is first needed: a second meter would be exported beside the first.
    /// </summary>
    internal static Instruments Unobserved => LazyUnobserved.Value;

    internal Meter Meter => _meter;

    internal ActivitySource Source { get; } = new(Name, Version);

    private static string Version => typeof(Instruments).Assembly.GetName().Version?.ToString(3) ?? "";

    public void Dispose()
    {
        _meter.Dispose();
        Source.Dispose();
    }

    private Counter<T> Counter<T>(MetricDefinition metric)
        where T : struct => _meter.CreateCounter<T>(metric.Name, metric.Unit, metric.Description);

    private Gauge<T> Gauge<T>(MetricDefinition metric)
        where T : struct => _meter.CreateGauge<T>(metric.Name, metric.Unit, metric.Description);

    private Histogram<T> Histogram<T>(MetricDefinition metric)
        where T : struct, IConvertible
    {
        var bounds = metric.Buckets.Select(bound => (T)Convert.ChangeType(bound, typeof(T), CultureInfo.InvariantCulture));
        return _meter.CreateHistogram(
            metric.Name, metric.Unit, metric.Description, tags: null, advice: new InstrumentAdvice<T> { HistogramBucketBoundaries = [.. bounds] });
    }
}
