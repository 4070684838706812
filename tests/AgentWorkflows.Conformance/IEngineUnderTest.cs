using AgentWorkflows.Durability;

namespace AgentWorkflows.Conformance;

/// <summary>A running engine on storage of its own. Disposing stops it and deletes the storage.</summary>
public interface IEngineUnderTest : IAsyncDisposable
{
    /// <summary>Read anew after each restart.</summary>
    IOrchestrationClient Client { get; }

    /// <summary>The engine's clock, which <see cref="IOrchestrationContext.CurrentUtcDateTime"/> follows.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>
    /// Stops the engine, lets <paramref name="downtime"/> pass (virtual engines move the clock, others wait), and starts it again
    /// on the same storage with the same registry and services. Nothing of the old one may act once the new one runs.
    /// </summary>
    Task RestartAsync(TimeSpan downtime);

    /// <summary>Virtual engines move the clock and may return before what became due has run; others wait for real.</summary>
    Task AdvanceAsync(TimeSpan by);
}

/// <summary>What an engine's test bed can do. A test that needs more is reported as skipped, with the flag's name.</summary>
public sealed record EngineCapabilities
{
    /// <summary>Stops and starts again on the same storage.</summary>
    public bool Restart { get; init; }

    /// <summary>Time stands still unless the test advances it.</summary>
    public bool VirtualTime { get; init; }

    /// <summary>A replay that diverges fails the instance with <see cref="DurableErrorTypes.Divergence"/>.</summary>
    public bool DivergenceDetection { get; init; }

    /// <summary>Runs an instance on the orchestrator registered for its version.</summary>
    public bool ChosenVersionRegistration { get; init; }

    /// <summary>Shows the recorded history of an instance.</summary>
    public bool History { get; init; }

    /// <summary>Keeps a start in the future waiting.</summary>
    public bool ScheduledStart { get; init; }

    /// <summary>Ends an instance that waits for its start in the future.</summary>
    public bool TerminatesBeforeTheStart { get; init; }

    /// <summary>Commands reach sub-orchestrations: needs the history.</summary>
    public bool CommandsReachChildren { get; init; }

    /// <summary>An instance ends although an activity that it no longer waits for still runs.</summary>
    public bool EndsBeforeItsActivities { get; init; }

    /// <summary>A sub-orchestration is not started over another instance of its id.</summary>
    public bool RefusesTakenChildIds { get; init; }

    /// <summary>Of starts with one id at the same time one is told that it started, the others that they did not.</summary>
    public bool TellsStartsApart { get; init; }

    /// <summary>A call of an activity or a sub-orchestration that nobody has registered fails with that reason.</summary>
    public bool TellsUnregisteredCalls { get; init; }

    /// <summary>Timers that became due while nothing ran fire in the order of their times.</summary>
    public bool OrdersLateTimers { get; init; }

    /// <summary>What is accepted is part of the history: after a restart nothing overtakes it that came later.</summary>
    public bool RecordsWhatItAccepts { get; init; }

    /// <summary>How much too early what waits for a time may go on.</summary>
    public TimeSpan Early { get; init; }

    /// <summary>Events that a generation leaves unprocessed reach the next one (<c>preserveUnprocessedEvents</c>).</summary>
    public bool KeepsUnprocessedEvents { get; init; }

    public static EngineCapabilities All { get; } = new()
    {
        Restart = true,
        VirtualTime = true,
        DivergenceDetection = true,
        ChosenVersionRegistration = true,
        History = true,
        ScheduledStart = true,
        TerminatesBeforeTheStart = true,
        CommandsReachChildren = true,
        EndsBeforeItsActivities = true,
        RefusesTakenChildIds = true,
        TellsStartsApart = true,
        TellsUnregisteredCalls = true,
        OrdersLateTimers = true,
        RecordsWhatItAccepts = true,
        KeepsUnprocessedEvents = true,
    };
}
