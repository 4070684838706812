using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.Operations.Readiness;
using static AgentWorkflows.Operations.Readiness.ReadinessFinding;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>Checks this host: what every host checks, and what the platform has to give it.</summary>
internal sealed class FunctionsReadiness(FunctionsSettings settings, ApprovalLinkOptions links, HostReadiness host) : IReadinessCheck
{
    public Task<IReadOnlyList<ReadinessFinding>> RunAsync(CancellationToken cancellationToken) => host.RunAsync([Storage(), Links(), Telemetry()], cancellationToken);

    private ReadinessFinding Storage() => settings.StorageConnection is null
        ? Ok("storage_by_identity", $"Storage is reached by the app's identity, at {settings.TableEndpoint}.")
        : Warning("storage_by_identity", "Storage is reached with a connection string.", "Use an identity: AzureWebJobsStorage__tableServiceUri and its neighbours.");

    private ReadinessFinding Links() => links.PublicUrl is { } url
        ? Ok("links_lead_here", $"Links in messages lead to {url}.")
        : Warning("links_lead_here", "It is not known where people reach this app, so messages about approvals have no links.", "Set AGENTWORKFLOWS_PUBLIC_URL.");

    private ReadinessFinding Telemetry() => settings.HasTelemetry
        ? Ok("telemetry_sent", "Telemetry goes to Application Insights.")
        : Warning("telemetry_sent", "Telemetry goes nowhere, so no alert of infra/ can fire.", "Set APPLICATIONINSIGHTS_CONNECTION_STRING.");
}
