using System.Collections.Concurrent;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>One run of a conformance scenario: what goes wrong in it, and what it came to.</summary>
internal sealed class FaultRun(Fault? fault)
{
    private static readonly AsyncLocal<FaultRun?> Ambient = new();
    /// <summary>The run that the current scenario belongs to; <c>null</c> for an ordinary test.</summary>
    public static FaultRun? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public Fault? Fault => fault;

    /// <summary>Store calls of the whole scenario.</summary>
    public int Calls { get; set; }

    /// <summary>Restarts that the scenario itself asked for.</summary>
    public int Restarts { get; set; }

    public bool Struck { get; set; }

    /// <summary>How often each activity attempt was begun, by its key; the effect itself happens once.</summary>
    public ConcurrentDictionary<string, int> Attempts { get; } = new();

    /// <summary>By instance id without the run's own prefix: status, result, and what its history holds, in no order.</summary>
    public IReadOnlyDictionary<string, string> Final { get; set; } = new Dictionary<string, string>();
}
