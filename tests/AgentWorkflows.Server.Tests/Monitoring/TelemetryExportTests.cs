using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Tests.Processes;
using AgentWorkflows.Telemetry;
using Xunit;

namespace AgentWorkflows.Server.Tests.Monitoring;

/// <summary>The shipped program and a collector.</summary>
public sealed class TelemetryExportTests : IDisposable
{
    private const int Timeout = 120_000;
    private static readonly (string Trace, string Span) Caller = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    private readonly string _data = Directory.CreateTempSubdirectory("agentworkflows-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory(Timeout = Timeout)]
    [InlineData("http/protobuf", false)]
    [InlineData("grpc", true)]
    public async Task A_collector_is_sent_the_spans_and_metrics_of_a_session(string protocol, bool grpc)
    {
        await using var sink = await OtlpSink.StartAsync(grpc);
        await using var server = await ServerProcess.StartAsync(
            _data, $"OTEL_EXPORTER_OTLP_ENDPOINT={sink.Address}", $"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}", "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_METRIC_EXPORT_INTERVAL=300");
        server.Http.DefaultRequestHeaders.Add("traceparent", $"00-{Caller.Trace}-{Caller.Span}-01");
        await server.StartSessionAsync("s-1", "Refund order 1042, it arrived broken, and tell the customer");
        await server.ApproveAsync("s-1", "issue_refund");
        await server.ApproveAsync("s-1", "send_message");
        await server.EndOfAsync("s-1", "Completed");

        await server.UntilAsync("the session's end was exported", () => Task.FromResult(
            sink.Spans.Any(span => span.Name == "invoke_agent order-desk") && sink.Metrics.ContainsKey(Metrics.SessionsFinished.Name)));

        var root = Assert.Single(sink.Spans, span => span.Name == "start_session order-desk");
        Assert.Equal(Caller, (root.Trace, root.Parent));
        Assert.All(sink.Spans.Except([root]), span => Assert.Equal((root.Trace, root.Span), (span.Trace, span.Parent)));
        Assert.Contains(sink.Spans, span => span.Name == "chat offline-playbook");
        Assert.Contains(sink.Spans, span => span.Name == "execute_tool issue_refund");
        Assert.Superset(
            new HashSet<string> { Metrics.Cost.Name, Metrics.TokenUsage.Name, Metrics.ToolCalls.Name, Metrics.ApprovalWait.Name, "http.server.request.duration" },
            sink.Metrics.Keys.ToHashSet());
        Assert.DoesNotContain(sink.Bodies, body => body.Contains("arrived broken", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_left_is_sent_when_the_server_is_stopped_and_the_stop_is_clean()
    {
        await using var sink = await OtlpSink.StartAsync(grpc: false);
        await using var server = await ServerProcess.StartAsync(
            _data, $"OTEL_EXPORTER_OTLP_ENDPOINT={sink.Address}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=600000", "OTEL_METRIC_EXPORT_INTERVAL=600000");
        await server.StartSessionAsync("s-1", "Where is order 1042?");
        await server.EndOfAsync("s-1", "Completed");
        Assert.Empty(sink.Spans);

        var (exitCode, log) = await server.StopAsync();

        Assert.True(exitCode == 0 && !log.Contains("Unexpected", StringComparison.Ordinal), log);
        Assert.Contains(sink.Spans, span => span.Name == "invoke_agent order-desk");
        Assert.Contains(Metrics.SessionsFinished.Name, sink.Metrics.Keys);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", true)]
    public async Task Nothing_of_OpenTelemetry_is_loaded_unless_a_collector_is_named(string variable, bool loaded)
    {
        await using var server = await ServerProcess.StartAsync(_data, variable);

        Assert.Equal(loaded, server.HasLoaded("OpenTelemetry"));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    public void What_OpenTelemetry_would_pass_over_is_refused_by_name(string variable, string value)
    {
        var variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317", [variable] = value };

        var problem = Assert.Throws<StartupException>(() => TelemetrySettings.Read(variables.GetValueOrDefault));

        Assert.Contains(variable, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_are_chosen_as_OpenTelemetry_says()
    {
        Assert.Null(Read([]));
        Assert.Equal(new TelemetrySettings(true, true), Read(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317" }));
        Assert.Equal(new TelemetrySettings(false, true), Read(new() { ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://localhost:4318/v1/metrics" }));
        Assert.Equal(new TelemetrySettings(true, false), Read(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317", ["OTEL_METRICS_EXPORTER"] = "none" }));
        Assert.Null(Read(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317", ["OTEL_SDK_DISABLED"] = "true" }));

        static TelemetrySettings? Read(Dictionary<string, string> variables) => TelemetrySettings.Read(variables.GetValueOrDefault);
    }
}
