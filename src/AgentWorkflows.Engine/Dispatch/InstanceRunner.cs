using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>
/// One instance in memory: a mailbox, and one turn or one commit at a time. It takes everything that waits in the mailbox as one turn,
/// asks for its commit, and goes on when the commit is back. The turn itself runs ahead of its commit, but nothing outside learns of it before;
/// when the commit fails or is refused, everything in memory is dropped and read again.
/// </summary>
internal sealed partial class InstanceRunner(EngineCore core, string id) : IThreadPoolWorkItem, IWriteRequest
{
    private readonly Lock _gate = new();
    private List<Message> _mailbox = [];
    private List<Message> _taken = [];

    // All three under the gate. Active: somebody runs a turn, waits for its commit, or waits to try again.
    private bool _isActive;
    private volatile bool _isRemoved;
    private bool _canPark;

    private volatile bool _isForgotten;
    private volatile bool _hasEnded;
    private LinkedListNode<InstanceRunner>? _parkingPlace;
    private ITimer? _retry;
    private int _failures;

    public string Id => id;

    public bool IsRemoved => _isRemoved;

    /// <summary>Set when somebody else ended the instance: attempts that have not begun must not begin any more.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The table's, under its lock.</summary>
    public long ParkedAt { get; set; }

    /// <inheritdoc cref="ParkedAt"/>
    public LinkedListNode<InstanceRunner> ParkingPlace => _parkingPlace ??= new(this);

    /// <param name="inline">True when the caller's thread may run the turn.</param>
    /// <returns>False when the runner is out of the table: look the instance up again.</returns>
    public bool Post(Message message, bool inline = false)
    {
        lock (_gate)
        {
            if (_isRemoved)
            {
                return false;
            }
            if (core.IsStopped && message is Command command)
            {
                command.Fail(new ObjectDisposedException(nameof(EmbeddedEngine)));
                return true;
            }
            _mailbox.Add(message);
            if (_isActive)
            {
                return true;
            }
            _isActive = true;
        }
        if (inline)
        {
            Execute();
        }
        else
        {
            core.Queue(this);
        }
        return true;
    }

    /// <summary>
    /// Called on the writer's thread when somebody else ended or deleted the instance. The runner leaves memory for good: an instance that
    /// gets the same id later is another one, and results for this one must not reach it.
    /// </summary>
    public void Retire()
    {
        _hasEnded = true;
        _append.IsAbandoned = true;
        lock (_gate)
        {
            _isRemoved = true;
        }
        core.Instances.Remove(this);
    }

    /// <summary>Called on the writer's thread when what is in memory may contradict the store: it is read again.</summary>
    public void Forget()
    {
        _append.IsAbandoned = true;
        _isForgotten = true;
        Post(Wake.Instance);
    }

    /// <summary>After the stop: whoever still waits for an answer gets none.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            foreach (var command in _mailbox.OfType<Command>())
            {
                command.Fail(new ObjectDisposedException(nameof(EmbeddedEngine)));
            }
        }
    }

    /// <summary>Leaves memory, unless there is something to do.</summary>
    public bool TryEvict()
    {
        lock (_gate)
        {
            if (_isRemoved || _isActive || !_canPark || _mailbox.Count > 0)
            {
                return false;
            }
            _isRemoved = true;
        }
        core.Instances.Remove(this);
        return true;
    }

    /// <summary>Runs while the runner is active: turns, until the mailbox is empty or a commit is under way.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A failure to process is logged and tried again; messages are kept.")]
    public void Execute()
    {
        while (TakeMessages())
        {
            if (core.IsStopped)
            {
                RetryLater(new ObjectDisposedException(nameof(EmbeddedEngine)));
                return;
            }
            if (_hasEnded)
            {
                PassOn();
                continue;
            }
            try
            {
                if (Process())
                {
                    return;
                }
            }
            catch (Exception e)
            {
                core.Logger.ProcessingFailed(e, Id);
                RetryLater(e);
                return;
            }
            _taken.Clear();
        }
    }

    private bool TakeMessages()
    {
        bool remove;
        lock (_gate)
        {
            if (_mailbox.Count > 0)
            {
                (_mailbox, _taken) = (_taken, _mailbox);
                return true;
            }
            _isActive = false;
            _isRemoved |= _isGone;
            remove = _isRemoved;
            _canPark = !remove && CanPark;
            if (!remove && !_canPark)
            {
                return false;
            }
        }
        if (remove)
        {
            core.Instances.Remove(this);
        }
        else
        {
            core.Instances.Park(this);
        }
        return false;
    }

    /// <summary>A retired runner answers nobody: whoever has the id now does, or it is found to have ended.</summary>
    private void PassOn()
    {
        foreach (var command in _taken.OfType<Command>())
        {
            core.Instances.Deliver(Id, command);
        }
        _taken.Clear();
    }

    /// <summary>Goes on after a commit: at once when there is more to do. Called on the writer's thread, so turns run elsewhere.</summary>
    private void Continue()
    {
        _taken.Clear();
        if (_isGone || _isForgotten || _hasEnded || CanPark || HasMore())
        {
            core.Queue(this);
        }
    }

    /// <summary>True when the runner stays active; else the next message makes it so.</summary>
    private bool HasMore()
    {
        lock (_gate)
        {
            // It may still stand in the row of those that were put aside before this turn: with activities under way it must not be put out.
            _canPark = false;
            return _isActive = _mailbox.Count > 0;
        }
    }

    /// <summary>Puts the messages back in front and drops what was assumed. Clients are told; everything else is tried again.</summary>
    private void RetryLater(Exception exception)
    {
        foreach (var command in _taken.OfType<Command>())
        {
            command.Fail(exception);
        }
        _taken.RemoveAll(message => message is Command);
        PutBack();
        if (core.IsStopped)
        {
            return;
        }
        _retry?.Dispose();
        // The runner stays active meanwhile: nobody else starts it. The Wake makes it run even when only commands had come.
        _retry = core.TryAgain(static runner => ((InstanceRunner)runner!).Execute(), this, ++_failures);
    }

    private void PutBack()
    {
        Unload();
        lock (_gate)
        {
            _mailbox.InsertRange(0, _taken);
            _mailbox.Add(Wake.Instance);
        }
        _taken.Clear();
    }
}
