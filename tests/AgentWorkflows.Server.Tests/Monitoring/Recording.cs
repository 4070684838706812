using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Telemetry;

namespace AgentWorkflows.Server.Tests.Monitoring;

internal sealed record Measured(string Metric, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public string? Tag(string name) => Tags.GetValueOrDefault(name)?.ToString();
}

/// <summary>What the instruments of some worlds record, and of no others that run beside them.</summary>
internal sealed class Recording : IDisposable
{
    private readonly ConcurrentDictionary<Instruments, byte> _watched = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Recording(params SessionWorld[] worlds)
    {
        foreach (var world in worlds)
        {
            _watched.TryAdd(world.Service<Instruments>(), 0);
        }
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (_watched.Keys.Any(instruments => ReferenceEquals(instruments.Meter, instrument.Meter)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => _watched.Keys.Any(instruments => ReferenceEquals(instruments.Source, source)),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyList<Measured> All => [.. _measured];

    public IReadOnlyList<Activity> Spans => [.. _spans];

    public IReadOnlyList<Measured> Of(MetricDefinition metric) => [.. _measured.Where(measured => measured.Metric == metric.Name)];

    public double Sum(MetricDefinition metric) => Of(metric).Sum(measured => measured.Value);

    public IReadOnlyList<Activity> SpansOf(string operation) => [.. _spans.Where(span => span.DisplayName.StartsWith(operation + " ", StringComparison.Ordinal))];

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new Measured(instrument.Name, value, new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal)));
}
