using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.WorkerProtocol.Messages;
using Grpc.Core;
using ContentCase = AgentWorkflows.WorkerProtocol.Messages.StreamingMessage.ContentOneofCase;

namespace AgentWorkflows.DurableHost.Worker;

/// <summary>The conversation with one worker. Thread-safe.</summary>
internal sealed class WorkerStream(Action<RpcLog> log)
{
    private readonly Channel<StreamingMessage> _outgoing =
        Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _open = new();
    private volatile string? _ended;

    /// <summary>Carries messages both ways until the worker is gone.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(outgoing, cancellationToken);
        try
        {
            await foreach (var message in incoming.ReadAllAsync(cancellationToken))
            {
                Receive(message);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A worker that is killed does not say goodbye.
        }
        finally
        {
            End("The worker closed its stream.");
            await writing;
        }
    }

    /// <summary>Whoever waits for this worker is told that it is gone.</summary>
    public void End(string reason)
    {
        _ended ??= reason;
        _outgoing.Writer.TryComplete();
        foreach (var id in _open.Keys)
        {
            if (_open.TryRemove(id, out var waiting))
            {
                waiting.TrySetException(new WorkerProcessExitException(_ended));
            }
        }
    }

    public Task<StreamingMessage> AskAsync(StreamingMessage question)
    {
        question.RequestId = Guid.NewGuid().ToString();
        return SendAsync(question.RequestId, question);
    }

    /// <exception cref="WorkerFailedException">The function failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker died meanwhile.</exception>
    public async Task<TypedData?> InvokeAsync(InvocationRequest invocation, CancellationToken cancellationToken)
    {
        invocation.TraceContext = new RpcTraceContext
        {
            TraceParent = Activity.Current?.Id ?? "",
            TraceState = Activity.Current?.TraceStateString ?? "",
        };
        await using var cancelling = cancellationToken.Register(() => _outgoing.Writer.TryWrite(
            new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation.InvocationId } }));
        var answer = (await SendAsync(invocation.InvocationId, new StreamingMessage { InvocationRequest = invocation })).InvocationResponse;
        return answer.Result is { Status: StatusResult.Types.Status.Success } ? answer.ReturnValue
            : throw new WorkerFailedException(
                $"{answer.Result.Status}", answer.Result.Exception?.Message ?? "", answer.Result.Exception?.StackTrace ?? "");
    }

    private Task<StreamingMessage> SendAsync(string id, StreamingMessage message)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = answer;
        if (!_outgoing.Writer.TryWrite(message))
        {
            End("The worker is gone.");
        }
        return answer.Task;
    }

    private void Receive(StreamingMessage message)
    {
        if (message.ContentCase == ContentCase.RpcLog)
        {
            log(message.RpcLog);
            return;
        }
        var id = message.ContentCase == ContentCase.InvocationResponse ? message.InvocationResponse.InvocationId : message.RequestId;
        if (_open.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(message);
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await outgoing.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException)
        {
            End("The worker is gone.");
        }
    }
}
