using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

internal sealed partial class SqliteStore
{
    private const string Descendants = """
        WITH RECURSIVE family (key, id, status, depth) AS (
          SELECT key, id, status, 0 FROM instance WHERE id = ?1
          UNION
          SELECT child.key, child.id, child.status, family.depth + 1 FROM instance AS child JOIN family ON child.parent_id = family.id)
        SELECT key, id, status FROM family ORDER BY depth, key
        """;

    private void Terminate(TerminateOperation terminate)
    {
        terminate.Ended.Clear();
        var family = Family(terminate.InstanceId);
        if (family.Count == 0 || family[0].Status.IsTerminal())
        {
            terminate.Outcome = family.Count == 0 ? CommandOutcome.NotFound : CommandOutcome.AlreadyFinished;
            return;
        }
        terminate.Outcome = CommandOutcome.Accepted;
        terminate.Parent = ParentOf(family[0].Key);
        var failure = Ending.Terminated(terminate.Reason);
        foreach (var (key, id, status) in family)
        {
            if (status.IsTerminal())
            {
                continue;
            }
            // The record takes the next sequence number, so a turn of this instance that is on its way collides with it and is dropped.
            _writer.Prepare("INSERT INTO history (instance, seq, at, events) SELECT ?1, coalesce(max(seq), -1) + 1, ?2, ?3 FROM history WHERE instance = ?1")
                .Bind(1, key).Bind(2, terminate.Now).BindBlob(3, HistoryCodec.ToBytes(new ExecutionTerminated(terminate.Reason))).Run();
            _writer.Prepare("UPDATE instance SET status = 5, updated = ?2, busy = 0, due = NULL, failure = ?3, unreported = ?4 WHERE key = ?1")
                .Bind(1, key).Bind(2, terminate.Now).BindFailure(3, failure)
                .Bind(4, key == family[0].Key && terminate.Parent is not null).Run();
            terminate.Ended.Add(id);
        }
    }

    private void Purge(PurgeOperation purge)
    {
        purge.Purged.Clear();
        var family = Family(purge.InstanceId);
        if (family.Count == 0)
        {
            purge.Outcome = CommandOutcome.NotFound;
            return;
        }
        if (!family[0].Status.IsTerminal() || IsAwaited(family[0].Key))
        {
            purge.Outcome = CommandOutcome.StillRunning;
            return;
        }
        purge.Outcome = CommandOutcome.Accepted;
        foreach (var (key, id, status) in family)
        {
            if (status.IsTerminal())
            {
                Delete(key);
                purge.Purged.Add(id);
            }
        }
    }

    private List<(long Key, string Id, OrchestrationStatus Status)> Family(string instanceId)
    {
        var family = new List<(long, string, OrchestrationStatus)>();
        var statement = _writer.Prepare(Descendants).Bind(1, instanceId);
        while (statement.Step())
        {
            family.Add((statement.Long(0), statement.Text(1), (OrchestrationStatus)statement.Long(2)));
        }
        statement.Reset();
        return family;
    }

    private ParentLink? ParentOf(long key)
    {
        var statement = _writer.Prepare("SELECT parent_id, parent_execution, parent_task FROM instance WHERE key = ?1").Bind(1, key);
        statement.Step();
        var parent = statement.IsNull(0) ? null : new ParentLink(statement.Text(0), (int)statement.Long(1), (int)statement.Long(2));
        statement.Reset();
        return parent;
    }

    private bool IsAwaited(long key)
    {
        var statement = _writer.Prepare("""
            SELECT 1 FROM instance AS child JOIN instance AS parent ON parent.id = child.parent_id AND parent.execution = child.parent_execution
            WHERE child.key = ?1 AND (child.unreported = 1 OR child.diverged = 1) AND parent.status < 3
            """).Bind(1, key);
        var awaited = statement.Step();
        statement.Reset();
        return awaited;
    }
}
