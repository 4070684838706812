using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>Traces, metrics and logs to Application Insights, by identity: shared keys are not used.</summary>
internal static class Telemetry
{
    internal const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The product's own sources and meters, and Durable Task's.</summary>
    private const string Product = "AgentWorkflows*";

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(traces => traces.AddSource(Product, "Microsoft.DurableTask"))
            .WithMetrics(metrics => metrics.AddMeter(Product));
        if (configuration[ConnectionString] is { Length: > 0 } connection)
        {
            telemetry.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connection;
                options.Credential = new DefaultAzureCredential();
            });
        }
    }
}
