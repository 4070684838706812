using System.Diagnostics.CodeAnalysis;
using AgentWorkflows.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>Something that waits to be durable. Called back once, on the writer's thread, which must not be held up.</summary>
internal interface IWriteRequest
{
    StoreOperation Operation { get; }

    void Committed();

    void Failed(Exception exception);
}

/// <summary>
/// The one thread that writes. Whatever waits when it becomes free goes into one transaction. Callbacks come after that transaction is on
/// stable storage and before the next one begins, so nothing is visible before its commit. The queue is bounded by its users: a runner
/// and a client call have one request each.
/// </summary>
internal sealed class CommitWriter : IThreadPoolWorkItem, IDisposable
{
    private readonly IInstanceStore _store;
    private readonly ILogger _logger;
    private readonly Action _onFailure;
    private readonly Thread? _thread;
    private readonly Action<IThreadPoolWorkItem>? _queue;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly List<StoreOperation> _operations = [];
    private List<IWriteRequest> _waiting = [];
    private List<IWriteRequest> _taken = [];
    private bool _sleeping;
    private bool _stopped;
    private long _commits;
    private long _operationCount;

    /// <param name="onFailure">Called after a commit that failed, on the writer's thread.</param>
    /// <param name="queue">Where the writer runs whenever something waits; <c>null</c>: on a thread of its own.</param>
    public CommitWriter(IInstanceStore store, ILogger logger, Action onFailure, Action<IThreadPoolWorkItem>? queue)
    {
        _onFailure = onFailure;
        _store = store;
        _logger = logger;
        _queue = queue;
        _sleeping = queue is not null;
        if (queue is null)
        {
            _thread = new Thread(Loop) { IsBackground = true, Name = "AgentWorkflows.Engine writer" };
            _thread.Start();
        }
    }

    public long Commits => Volatile.Read(ref _commits);

    public long Operations => Volatile.Read(ref _operationCount);

    public void Enqueue(IWriteRequest request)
    {
        var wake = false;
        lock (_gate)
        {
            if (!_stopped)
            {
                _waiting.Add(request);
                (wake, _sleeping) = (_sleeping, false);
                request = null!;
            }
        }
        if (wake && _queue is not null)
        {
            _queue(this);
        }
        else if (wake)
        {
            _arrived.Set();
        }
        request?.Failed(new ObjectDisposedException(nameof(EmbeddedEngine)));
    }

    /// <summary>Writes what waits, then ends the thread. Later requests fail.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
        }
        _arrived.Set();
        _thread?.Join();
    }

    /// <summary>Without a thread of its own: writes what waits now, once.</summary>
    public void Execute()
    {
        lock (_gate)
        {
            (_waiting, _taken) = (_taken, _waiting);
            _sleeping = true;
        }
        Write();
    }

    private void Loop()
    {
        while (Take())
        {
            Write();
        }
    }

    private bool Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    (_waiting, _taken) = (_taken, _waiting);
                    return true;
                }
                if (_stopped)
                {
                    return false;
                }
                _sleeping = true;
            }
            _arrived.WaitOne();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Any failure of a commit is handed to those who wait for it.")]
    private void Write()
    {
        Exception? failure = null;
        try
        {
            foreach (var request in _taken)
            {
                _operations.Add(request.Operation);
            }
            _store.Commit(_operations);
            _commits++;
            _operationCount += _operations.Count;
        }
        catch (Exception e)
        {
            failure = e;
            _logger.CommitFailed(e, _operations.Count);
        }
        _operations.Clear();
        foreach (var request in _taken)
        {
            if (failure is null)
            {
                request.Committed();
            }
            else
            {
                request.Failed(failure);
            }
        }
        _taken.Clear();
        if (failure is not null)
        {
            _onFailure();
        }
    }
}

/// <summary>A client's change; <paramref name="committed"/> runs on the writer's thread before the client is answered.</summary>
internal sealed class ClientRequest<TOperation>(TOperation operation, Action<TOperation> committed) : IWriteRequest
    where TOperation : StoreOperation
{
    private readonly TaskCompletionSource<TOperation> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TOperation> Done => _done.Task;

    public StoreOperation Operation => operation;

    public void Committed()
    {
        committed(operation);
        _done.TrySetResult(operation);
    }

    public void Failed(Exception exception) => _done.TrySetException(exception);
}
