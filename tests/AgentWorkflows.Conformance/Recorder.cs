namespace AgentWorkflows.Conformance;

/// <summary>What activities did, seen from the test: notes to count and to wait for, and gates that hold an activity until the test opens them. Thread-safe.</summary>
public sealed class Recorder
{
    private readonly Lock _lock = new();
    private readonly List<string> _notes = [];
    private readonly List<(string Note, int Times, TaskCompletionSource Seen)> _waiting = [];
    private readonly Dictionary<string, TaskCompletionSource> _gates = [];

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    public int Count(string note)
    {
        lock (_lock)
        {
            return _notes.Count(taken => taken == note);
        }
    }

    public void Record(string note)
    {
        lock (_lock)
        {
            _notes.Add(note);
            var count = _notes.Count(taken => taken == note);
            foreach (var (_, _, seen) in _waiting.Where(w => w.Note == note && w.Times <= count))
            {
                seen.TrySetResult();
            }
        }
    }

    /// <summary>Completes when the note has been taken this often.</summary>
    public Task SeenAsync(string note, int times = 1)
    {
        lock (_lock)
        {
            if (_notes.Count(taken => taken == note) >= times)
            {
                return Task.CompletedTask;
            }
            var seen = NewSignal();
            _waiting.Add((note, times, seen));
            return seen.Task;
        }
    }

    public void Open(string gate) => Gate(gate).TrySetResult();

    public Task PassAsync(string gate, CancellationToken cancellationToken) => Gate(gate).Task.WaitAsync(cancellationToken);

    private TaskCompletionSource Gate(string gate)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(gate, out var signal))
            {
                _gates.Add(gate, signal = NewSignal());
            }
            return signal;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
