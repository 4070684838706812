
namespace AgentWorkflows.Telemetry;

internal enum MetricKind
{
    /// <summary>Only rises; its sum over a time is how much happened.</summary>
    Counter,

    /// <summary>A distribution: count, sum, smallest and largest.</summary>
    Histogram,

    /// <summary>A level, as of the last look.</summary>
    Gauge,
}

/// <summary>
/// What a metric is called, what it counts in and what it can be split by. Nothing is measured under a name or a dimension that is not here.
/// </summary>
/// <param name="Unit">UCUM, as OpenTelemetry writes it.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Description, IReadOnlyList<string> Dimensions)
{
    /// <summary>Of a histogram: the upper bounds of its buckets. Of no use to backends that keep no buckets.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];
}
