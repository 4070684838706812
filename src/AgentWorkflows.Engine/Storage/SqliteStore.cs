using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

/// <summary>The store on one SQLite file: one connection that writes, and as many that read as there are readers at once.</summary>
internal sealed partial class SqliteStore : IInstanceStore
{
    private const string Reconcile = """
        UPDATE instance SET busy = 1 WHERE status < 3 AND id IN (SELECT parent_id FROM instance WHERE unreported = 1);
        UPDATE instance SET unreported = 0 WHERE unreported = 1 AND NOT EXISTS (
          SELECT 1 FROM instance AS parent
          WHERE parent.id = instance.parent_id AND parent.execution = instance.parent_execution AND (parent.status < 3 OR parent.diverged = 1));
        """;

    private readonly SqliteDatabase _writer;
    private readonly ReaderPool _readers;
    private readonly ByteWriter _bytes = new();

    public SqliteStore(string path)
    {
        _writer = new SqliteDatabase(path);
        try
        {
            // FULL, never less: a commit that returned must survive a power cut.
            _writer.Execute("PRAGMA journal_mode=WAL");
            _writer.Execute("PRAGMA synchronous=FULL");
            _writer.Execute("PRAGMA temp_store=MEMORY");
            _writer.Execute("PRAGMA cache_size=-8192");
            _writer.Execute("PRAGMA wal_autocheckpoint=4000");
            Migrations.Apply(_writer, path);
            Commit([new ReconcileOperation()]);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
        _readers = new ReaderPool(path);
    }

    public void Commit(IReadOnlyList<StoreOperation> operations)
    {
        _writer.Prepare("BEGIN IMMEDIATE").Run();
        try
        {
            for (var i = 0; i < operations.Count; i++)
            {
                Apply(operations[i]);
            }
            _writer.Prepare("COMMIT").Run();
        }
        catch
        {
            if (_writer.InTransaction)
            {
                _writer.Execute("ROLLBACK");
            }
            throw;
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
    }

    private void Apply(StoreOperation operation)
    {
        switch (operation)
        {
            case AppendOperation append: Append(append); break;
            case StartOperation start: start.Existing = TryStart(start.Instance, out var key); start.Key = key; break;
            case TerminateOperation terminate: Terminate(terminate); break;
            case PurgeOperation purge: Purge(purge); break;
            case ForkOperation fork: Fork(fork); break;
            case RewindOperation rewind: Rewind(rewind); break;
            case ReconcileOperation: _writer.Execute(Reconcile); break;
            default: throw new InvalidOperationException($"The store does not know the operation '{operation.GetType().Name}'.");
        }
    }

    private void Append(AppendOperation append)
    {
        append.IsStale = false;
        append.RefusedChildren.Clear();
        if (append.IsAbandoned || (!append.Events.IsEmpty && !TryInsertRecord(append.Key, append.Sequence, append.At, append.Events.Span)))
        {
            append.IsStale = true;
            return;
        }
        if (append.ReplacesHistory)
        {
            _writer.Prepare("DELETE FROM history WHERE instance = ?1 AND seq < ?2").Bind(1, append.Key).Bind(2, append.Sequence).Run();
        }
        foreach (var child in append.Children)
        {
            if (TryStart(child, out _) is not null)
            {
                append.RefusedChildren.Add(child);
            }
        }
        foreach (var child in append.ReportedChildren)
        {
            _writer.Prepare("UPDATE instance SET unreported = 0 WHERE id = ?1").Bind(1, child).Run();
        }
        if (append.Change is { } change)
        {
            Update(append.Key, change, busy: change.Busy || append.RefusedChildren.Count > 0);
        }
    }

    private bool TryInsertRecord(long key, int sequence, long at, ReadOnlySpan<byte> events)
    {
        _writer.Prepare("INSERT OR IGNORE INTO history (instance, seq, at, events) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, key).Bind(2, sequence).Bind(3, at).BindBlob(4, events).Run();
        return _writer.Changes == 1;
    }

    private void Update(long key, InstanceChange change, bool busy) => _writer.Prepare("""
        UPDATE instance SET status = ?2, execution = ?3, updated = ?4, busy = ?5, due = ?6, custom_status = coalesce(?7, custom_status),
          failure = ?8, diverged = ?9, unreported = ?10 WHERE key = ?1
        """)
        .Bind(1, key).Bind(2, (long)change.Status).Bind(3, change.Execution).Bind(4, change.UpdatedAt).Bind(5, busy).Bind(6, change.Due)
        .BindText(7, change.CustomStatus).BindFailure(8, change.Failure).Bind(9, change.Diverged).Bind(10, change.Unreported).Run();

    /// <returns>The status of the instance that has the id already, or <c>null</c> when the new one was added.</returns>
    private OrchestrationStatus? TryStart(NewInstance instance, out long key)
    {
        if (TryInsert(instance, out key) is { } existing)
        {
            return existing;
        }
        _bytes.Clear();
        HistoryCodec.Write(_bytes, [new ExecutionStarted(instance.Name, instance.Version, instance.Input)]);
        TryInsertRecord(key, 0, instance.CreatedAt, _bytes.Written.Span);
        _bytes.Clear();
        return null;
    }

    /// <summary>The row alone.</summary>
    /// <returns>As <see cref="TryStart"/>.</returns>
    private OrchestrationStatus? TryInsert(NewInstance instance, out long key)
    {
        _writer.Prepare("""
            INSERT OR IGNORE INTO instance (id, name, version, status, execution, created, updated, start_at, parent_id, parent_execution, parent_task, busy, due)
            VALUES (?1, ?2, ?3, 0, 0, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?5)
            """)
            .Bind(1, instance.Id).Bind(2, instance.Name).Bind(3, instance.Version).Bind(4, instance.CreatedAt).Bind(5, instance.StartAt)
            .Bind(6, instance.Parent?.InstanceId).Bind(7, instance.Parent?.Execution).Bind(8, instance.Parent?.TaskId)
            .Bind(9, instance.StartAt is null).Run();
        if (_writer.Changes == 1)
        {
            key = _writer.LastInsertedKey;
            return null;
        }
        var existing = _writer.Prepare("SELECT key, status FROM instance WHERE id = ?1").Bind(1, instance.Id);
        existing.Step();
        key = existing.Long(0);
        var status = (OrchestrationStatus)existing.Long(1);
        existing.Reset();
        return status;
    }
}
