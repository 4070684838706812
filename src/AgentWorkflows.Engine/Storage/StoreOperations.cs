using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

/// <summary>One change of the store. Its outcome properties are set by a commit and mean something only after that commit returned.</summary>
internal abstract class StoreOperation;

internal sealed record ParentLink(string InstanceId, int Execution, int TaskId);

/// <summary>Everything a new instance starts with. <paramref name="Input"/> is UTF-8 JSON.</summary>
internal sealed record NewInstance(
    string Id, string Name, string Version, long CreatedAt, long? StartAt, ParentLink? Parent, ReadOnlyMemory<byte> Input);

/// <summary>Adds the instance, Pending, with its <see cref="ExecutionStarted"/> as record 0; or changes nothing when the id exists.</summary>
internal sealed class StartOperation(NewInstance instance) : StoreOperation
{
    public NewInstance Instance => instance;

    public long Key { get; set; }

    /// <summary>Set when the id existed.</summary>
    public OrchestrationStatus? Existing { get; set; }
}

/// <summary>The mutable columns of an instance, written together.</summary>
internal sealed record InstanceChange(OrchestrationStatus Status, int Execution, long UpdatedAt, bool Busy, long? Due)
{
    /// <summary>Kept as it is when <c>null</c>.</summary>
    public ReadOnlyMemory<byte>? CustomStatus { get; init; }

    public FailureDetails? Failure { get; init; }

    public bool Diverged { get; init; }

    public bool Unreported { get; init; }
}

/// <summary>
/// Appends one record of events and, with it, everything the turn decided. Refused as <see cref="IsStale"/>, changing nothing, when a record
/// of that sequence number exists: somebody else moved the instance on.
/// </summary>
internal sealed class AppendOperation : StoreOperation
{
    public long Key { get; set; }

    public int Sequence { get; set; }

    public long At { get; set; }

    /// <summary>Empty: no record is written, and staleness is not checked.</summary>
    public ReadOnlyMemory<byte> Events { get; set; }

    /// <summary>Continue-as-new: all earlier records go.</summary>
    public bool ReplacesHistory { get; set; }

    public InstanceChange? Change { get; set; }

    public List<NewInstance> Children { get; } = [];

    /// <summary>Children whose end this record holds.</summary>
    public List<string> ReportedChildren { get; } = [];

    public bool IsStale { get; set; }

    /// <summary>Set on the writer's thread when the instance was ended or deleted after this append was asked for: it counts as stale.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The children that were not started because their id exists. The instance is left busy, so that a restart finds it.</summary>
    public List<NewInstance> RefusedChildren { get; } = [];

    public void Clear()
    {
        Events = default;
        ReplacesHistory = false;
        Change = null;
        Children.Clear();
        ReportedChildren.Clear();
        IsStale = false;
        RefusedChildren.Clear();
    }
}

/// <summary>
/// Makes what was left open findable: parents that have not recorded the end of a child become busy, and ends that no parent waits for any more
/// are forgotten. Done at every start, and after a commit whose fate is not known.
/// </summary>
internal sealed class ReconcileOperation : StoreOperation;

/// <summary>Ends a running instance and all its running descendants.</summary>
internal sealed class TerminateOperation(string instanceId, string? reason, long now) : StoreOperation
{
    public string InstanceId => instanceId;

    public string? Reason => reason;

    public long Now => now;

    public CommandOutcome Outcome { get; set; }

    public List<string> Ended { get; } = [];

    /// <summary>Who waits for the terminated instance.</summary>
    public ParentLink? Parent { get; set; }
}

/// <summary>Deletes a finished instance with its finished descendants. One whose end a living parent has not recorded is refused as running.</summary>
internal sealed class PurgeOperation(string instanceId) : StoreOperation
{
    public string InstanceId => instanceId;

    public CommandOutcome Outcome { get; set; }

    public List<string> Purged { get; } = [];
}

/// <summary>Adds the instance, Pending and busy, with a history that begins as another one's did; or changes nothing when the id exists.</summary>
internal sealed class ForkOperation(NewInstance instance, IReadOnlyList<HistoryRecord> records) : StoreOperation
{
    public NewInstance Instance => instance;

    public IReadOnlyList<HistoryRecord> Records => records;

    /// <summary>Set when the id existed.</summary>
    public OrchestrationStatus? Existing { get; set; }
}

/// <param name="Sequence">Of the record to append.</param>
/// <param name="Dropped">Sub-orchestrations to delete with all that they started.</param>
internal sealed record InstanceRewind(long Key, string Id, int Sequence, ReadOnlyMemory<byte> Events, IReadOnlyList<string> Dropped);

/// <summary>
/// Lets failed instances go on: appends to the history of each and makes it Running and busy. Refused as <see cref="IsStale"/>, changing nothing,
/// when one of them is no longer failed or has another last record than was read.
/// </summary>
internal sealed class RewindOperation(IReadOnlyList<InstanceRewind> rewinds, long now) : StoreOperation
{
    public IReadOnlyList<InstanceRewind> Rewinds => rewinds;

    public long Now => now;

    public bool IsStale { get; set; }

    public List<string> Deleted { get; } = [];
}
