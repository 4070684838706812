using DurableTask.Core;
using Grpc.Core;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskHubStatus = DurableTask.Core.OrchestrationStatus;

namespace AgentWorkflows.Functions.Tests.Conformance;

/// <summary>What clients have asked of a task hub.</summary>
internal sealed class TaskHubRequests
{
    public int Reads;
    public int Queries;
}

/// <summary>The official test server, with the two things it leaves to storage providers: starts in the future, and histories for clients.</summary>
internal sealed class TestTaskHub(
    IHostApplicationLifetime lifetime, ILoggerFactory loggers, IOrchestrationService service, IOrchestrationServiceClient client,
    IOptions<TaskHubGrpcServerOptions> options, RecordedHistories histories, TaskHubRequests requests)
    : TaskHubGrpcServer(lifetime, loggers, service, client, options)
{
    private readonly IOrchestrationServiceClient _client = client;

    public override async Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        if (request.ScheduledStartTimestamp is not { } startAt)
        {
            return await base.StartInstance(request, context);
        }
        var instance = new global::DurableTask.Core.OrchestrationInstance { InstanceId = request.InstanceId, ExecutionId = Guid.NewGuid().ToString("N") };
        var started = new global::DurableTask.Core.History.ExecutionStartedEvent(-1, request.Input)
        {
            Name = request.Name,
            Version = request.Version,
            OrchestrationInstance = instance,
            Tags = request.Tags.ToDictionary(),
            ScheduledStartTime = startAt.ToDateTime(),
        };
        await _client.CreateTaskOrchestrationAsync(new TaskMessage { Event = started, OrchestrationInstance = instance }, Enum.GetValues<TaskHubStatus>());
        return new CreateInstanceResponse { InstanceId = request.InstanceId };
    }

    public override async Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref requests.Reads);
        if (await _client.GetOrchestrationStateAsync(request.InstanceId, executionId: null) is { Tags: null } state)
        {
            // Of a sub-orchestration that has not begun; the server expects some.
            state.Tags = new Dictionary<string, string>();
        }
        return await base.GetInstance(request, context);
    }

    public override Task<QueryInstancesResponse> QueryInstances(QueryInstancesRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref requests.Queries);
        return base.QueryInstances(request, context);
    }

    public override async Task StreamInstanceHistory(StreamInstanceHistoryRequest request, IServerStreamWriter<HistoryChunk> responseStream, ServerCallContext context)
    {
        if (request.ForWorkItemProcessing)
        {
            await base.StreamInstanceHistory(request, responseStream, context);
            return;
        }
        var chunk = new HistoryChunk();
        chunk.Events.AddRange(histories.Of(request.InstanceId).Select(ProtobufUtils.ToHistoryEventProto));
        await responseStream.WriteAsync(chunk);
    }
}
