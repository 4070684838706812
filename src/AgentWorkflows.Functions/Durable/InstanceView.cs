using AgentWorkflows.Durability;
using Microsoft.DurableTask.Client;
using Metadata = AgentWorkflows.Durability.OrchestrationMetadata;

namespace AgentWorkflows.Functions.Durable;

/// <summary>Durable Task's instance in the port's words.</summary>
internal static class InstanceView
{
    private const string VersionTag = "agentworkflows.version";

    /// <summary>Durable Task's client does not tell an instance's version, but its tags.</summary>
    public static Dictionary<string, string> TagsOf(string? version) => version is null ? [] : new() { [VersionTag] = version };

    public static Metadata Of(Microsoft.DurableTask.Client.OrchestrationMetadata found, bool withPayloads, string? hostVersion) => new(
        found.InstanceId, found.Name, found.Tags.GetValueOrDefault(VersionTag, ""), StatusOf(found.RuntimeStatus), found.CreatedAt, found.LastUpdatedAt)
    {
        AwaitsNewerHost = HostVersion.IsNewer(found.Tags.GetValueOrDefault(VersionTag, ""), hostVersion)
            && !StatusOf(found.RuntimeStatus).IsTerminal(),
        SerializedInput = withPayloads ? found.SerializedInput : null,
        SerializedOutput = withPayloads && found.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? found.SerializedOutput : null,
        SerializedCustomStatus = found.SerializedCustomStatus is null or "null" or "" ? null : found.SerializedCustomStatus,
        Failure = FailureOf(found),
    };

    private static FailureDetails? FailureOf(Microsoft.DurableTask.Client.OrchestrationMetadata found) => found switch
    {
        { FailureDetails: { } failure } => RecordedFailure.Read(failure),
        { RuntimeStatus: OrchestrationRuntimeStatus.Failed, SerializedOutput: { } output } => RecordedFailure.ReadOutput(output),
        _ => null,
    };

    public static OrchestrationStatus StatusOf(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Pending => OrchestrationStatus.Pending,
        OrchestrationRuntimeStatus.Suspended => OrchestrationStatus.Suspended,
        OrchestrationRuntimeStatus.Completed => OrchestrationStatus.Completed,
        OrchestrationRuntimeStatus.Failed => OrchestrationStatus.Failed,
        OrchestrationRuntimeStatus.Terminated => OrchestrationStatus.Terminated,
        // Between two executions an instance is running.
        _ => OrchestrationStatus.Running,
    };

    public static OrchestrationRuntimeStatus StatusOf(OrchestrationStatus status) => Enum.Parse<OrchestrationRuntimeStatus>(status.ToString());
}
