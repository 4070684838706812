namespace AgentWorkflows.WorkerProtocol;

/// <summary>What the worker has logged, in its order. Thread-safe.</summary>
internal sealed class WorkerLog
{
    private readonly Lock _lock = new();
    private readonly List<WorkerLine> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<WorkerLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(WorkerLine line)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _lines.Add(line);
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        more.SetResult();
    }

    public async Task HasAsync(Predicate<WorkerLine> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_lines.Exists(wanted))
                {
                    return;
                }
                more = _more.Task;
            }
            await more.WaitAsync(cancellationToken);
        }
    }
}
