using System.Collections.Concurrent;
using AgentWorkflows.WorkerProtocol.Messages;
using Grpc.Core;

namespace AgentWorkflows.DurableHost.Worker;

/// <summary>Where workers call. A worker that was not started here is not served.</summary>
internal sealed class WorkerService(ExpectedWorkers expected) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.StartStream is not { } start)
        {
            throw new Grpc.Core.RpcException(new Status(StatusCode.InvalidArgument, "A worker says first who it is."));
        }
        if (expected.Take(start.WorkerId) is not { } arrival)
        {
            throw new Grpc.Core.RpcException(new Status(StatusCode.NotFound, $"No worker '{start.WorkerId}' was started here."));
        }
        arrival.Connected.TrySetResult();
        await arrival.Stream.RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}

/// <summary>Workers that were started and have not called yet. Thread-safe.</summary>
internal sealed class ExpectedWorkers
{
    private readonly ConcurrentDictionary<string, Arrival> _arrivals = new();

    public Arrival Expect(string workerId, WorkerStream stream) =>
        _arrivals[workerId] = new Arrival(stream, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public Arrival? Take(string workerId) => _arrivals.TryRemove(workerId, out var arrival) ? arrival : null;

    internal sealed record Arrival(WorkerStream Stream, TaskCompletionSource Connected);
}
