using System.Runtime.CompilerServices;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Whether telemetry is exported, from OpenTelemetry's standard variables. Nothing of OpenTelemetry is loaded unless it is.</summary>
internal sealed record TelemetrySettings(bool Traces, bool Metrics)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    /// <param name="read">Reads a variable; <c>null</c> when it is not set.</param>
    /// <returns><c>null</c>: no collector is named, or the SDK is disabled.</returns>
    /// <exception cref="StartupException">Names the variable that is wrong: OpenTelemetry itself would go on with its default and say nothing.</exception>
    public static TelemetrySettings? Read(Func<string, string?> read)
    {
        if (string.Equals(read("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var settings = new TelemetrySettings(Wants(read, "TRACES"), Wants(read, "METRICS"));
        return settings is { Traces: false, Metrics: false } ? null : settings;
    }

    /// <returns><c>null</c> when nothing is exported.</returns>
    public static IDisposable? StartExport(Func<string, string?> read) => Read(read) is { } settings ? Start(settings) : null;

    /// <summary>Apart, so that the libraries are loaded only when this runs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TelemetryExport Start(TelemetrySettings settings) => new(settings);

    private static bool Wants(Func<string, string?> read, string signal)
    {
        var own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        var name = read(own) is { Length: > 0 } ? own : Endpoint;
        if (read(name) is not { Length: > 0 } address || string.Equals(read($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new StartupException($"{name} must be the http or https address of a collector, such as http://localhost:4317.");
        }
        var protocolName = read($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") is { Length: > 0 } ? $"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL" : Protocol;
        if (read(protocolName) is { Length: > 0 } protocol && !Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            throw new StartupException($"{protocolName} is '{protocol}'; allowed are {string.Join(" and ", Protocols)}.");
        }
        return true;
    }
}
