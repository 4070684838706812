using Azure.Identity;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>Traces, outgoing calls, metrics and logs to Application Insights, by identity: shared keys are not used.</summary>
internal static class Telemetry
{
    internal const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The product's own sources and meters, and Durable Task's.</summary>
    private const string Product = "AgentWorkflows*";

    /// <remarks>
    /// Nothing at all without a connection string: the worker's OpenTelemetry defaults rename the scope by which the host knows the invocation of a log line, and a line
    /// without that scope is not in the host's log stream. Where there is one, <see cref="InvocationScope"/> adds it again.
    /// </remarks>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[ConnectionString] is not { Length: > 0 } connection)
        {
            return;
        }
        // It brings the exporter; a second one beside it, added by hand, stops the start.
        services.AddApplicationInsightsTelemetryWorkerService(options =>
        {
            options.ConnectionString = connection;
            options.Credential = new DefaultAzureCredential();
        });
        services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(traces => traces.AddSource(Product, "Microsoft.DurableTask"))
            .WithMetrics(metrics => metrics.AddMeter(Product));
    }
}
