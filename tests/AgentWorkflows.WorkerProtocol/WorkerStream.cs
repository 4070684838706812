using System.Collections.Concurrent;
using AgentWorkflows.WorkerProtocol.Messages;
using Grpc.Core;

namespace AgentWorkflows.WorkerProtocol;

/// <summary>The one stream of messages between the host and its worker.</summary>
internal sealed class WorkerStream : FunctionRpc.FunctionRpcBase, IDisposable
{
    private readonly TaskCompletionSource<IServerStreamWriter<StreamingMessage>> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Action<RpcLog> _log;

    public WorkerStream(Action<RpcLog> log) => _log = log;

    /// <summary>Ends when the worker has said who it is.</summary>
    public Task Started => _started.Task;

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
            {
                Take(message, responseStream);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The worker is gone; whoever waits for it is told below.
        }
        finally
        {
            Close("The worker ended.");
        }
    }

    /// <summary>Sends a message and waits for the answer to it.</summary>
    /// <exception cref="IOException">The worker ended before it answered.</exception>
    public async Task<StreamingMessage> AskAsync(string key, StreamingMessage message, CancellationToken cancellationToken)
    {
        var answer = _asked.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await SendAsync(message, cancellationToken);
        await Task.WhenAny(answer.Task, _closed.Task).WaitAsync(cancellationToken);
        return answer.Task.IsCompletedSuccessfully
            ? await answer.Task
            : throw new IOException($"The worker ended before it answered {message.ContentCase}.");
    }

    public async Task SendAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        var writer = await _started.Task.WaitAsync(cancellationToken);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await writer.WriteAsync(message, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Whoever waits for the worker waits no longer.</summary>
    public void Close(string reason)
    {
        _started.TrySetException(new IOException(reason));
        _ = _started.Task.Exception;
        _closed.TrySetResult();
    }

    public void Dispose() => _writing.Dispose();

    private void Take(StreamingMessage message, IServerStreamWriter<StreamingMessage> writer)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                _started.TrySetResult(writer);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                _log(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                Answer(message.InvocationResponse.InvocationId, message);
                break;
            default:
                Answer(message.RequestId, message);
                break;
        }
    }

    private void Answer(string key, StreamingMessage message)
    {
        if (_asked.TryGetValue(key, out var waiting))
        {
            waiting.TrySetResult(message);
        }
    }
}
