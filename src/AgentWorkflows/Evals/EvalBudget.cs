using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>What a run may spend. A trial holds the most it can cost before it starts, so that trials that run together never spend more than there is. Thread-safe.</summary>
internal sealed class EvalBudget(Micros limitMicros)
{
    private readonly Lock _lock = new();
    private Micros _held;
    private int _holders;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Micros SpentMicros { get; private set; }

    public Micros LimitMicros { get; } = limitMicros;

    /// <summary>Waits while others hold what is wanted.</summary>
    /// <returns>What may be spent: as much as wanted, or what is left; 0: nothing is.</returns>
    public async Task<Micros> HoldAsync(Micros wantedMicros, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var free = LimitMicros - SpentMicros - _held;
                if (free >= wantedMicros || _holders == 0)
                {
                    var granted = Micros.Max(Micros.Zero, Micros.Min(wantedMicros, free));
                    _held += granted;
                    _holders++;
                    return granted;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Settle(Micros heldMicros, Micros spentMicros)
    {
        lock (_lock)
        {
            _held -= heldMicros;
            _holders--;
            SpentMicros += spentMicros;
            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }
}
