using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Storage;

internal sealed partial class SqliteStore
{
    private void Fork(ForkOperation fork)
    {
        fork.Existing = TryInsert(fork.Instance, out var key);
        if (fork.Existing is not null)
        {
            return;
        }
        foreach (var record in fork.Records)
        {
            TryInsertRecord(key, record.Sequence, record.At, record.Events);
        }
    }

    private void Rewind(RewindOperation rewind)
    {
        rewind.Deleted.Clear();
        // Looked at before anything is changed: the operations of one commit cannot be taken back one by one.
        rewind.IsStale = rewind.Rewinds.Any(one => !IsAsRead(one));
        if (rewind.IsStale)
        {
            return;
        }
        foreach (var one in rewind.Rewinds)
        {
            TryInsertRecord(one.Key, one.Sequence, rewind.Now, one.Events.Span);
            _writer.Prepare("UPDATE instance SET status = 1, updated = ?2, busy = 1, due = NULL, failure = NULL, unreported = 0 WHERE key = ?1")
                .Bind(1, one.Key).Bind(2, rewind.Now).Run();
            foreach (var child in one.Dropped)
            {
                DeleteFamily(child, one.Id, rewind.Deleted);
            }
        }
    }

    private bool IsAsRead(InstanceRewind one)
    {
        var statement = _writer.Prepare(
            "SELECT status, diverged, (SELECT max(seq) FROM history WHERE instance = key) FROM instance WHERE key = ?1").Bind(1, one.Key);
        var isAsRead = statement.Step() && (OrchestrationStatus)statement.Long(0) == OrchestrationStatus.Failed && !statement.Bool(1)
            && statement.Long(2) == one.Sequence - 1;
        statement.Reset();
        return isAsRead;
    }

    private void DeleteFamily(string instanceId, string parentId, List<string> deleted)
    {
        var family = Family(instanceId);
        // An id that was refused as a duplicate names an instance that is somebody else's.
        if (family.Count == 0 || ParentOf(family[0].Key)?.InstanceId != parentId)
        {
            return;
        }
        foreach (var (key, id, _) in family)
        {
            Delete(key);
            deleted.Add(id);
        }
    }

    private void Delete(long key)
    {
        _writer.Prepare("DELETE FROM history WHERE instance = ?1").Bind(1, key).Run();
        _writer.Prepare("DELETE FROM instance WHERE key = ?1").Bind(1, key).Run();
    }
}
