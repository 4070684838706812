using AgentWorkflows.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// Sends spans and metrics to an OpenTelemetry collector while it lives; what is left is sent when it is disposed, for 5 s at most. Reads
/// OpenTelemetry's standard variables itself. A collector that is away costs nothing but what it did not get.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string ServiceName = "agentworkflows";

    /// <summary>The web server's own metrics have routes, never addresses: those can hold the token of an approval.</summary>
    private static readonly string[] Meters = [Instruments.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime"];

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    public TelemetryExport(TelemetrySettings settings)
    {
        var resource = ResourceBuilder.CreateEmpty()
            .AddService(ServiceName, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _traces = !settings.Traces ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Instruments.Name)
            .AddOtlpExporter()
            .Build();
        _metrics = !settings.Metrics ? null : Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build();
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
