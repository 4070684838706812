using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>A session as an entity, in the partition that holds everything of that session.</summary>
internal static class SessionRow
{
    public const string Key = "session";
    public const string Revision = "Revision";
    public const string Creation = "Creation";

    public static string PartitionOf(string sessionId) => TableKey.Escape(sessionId);

    /// <param name="creation">Tells this call's row from another's, when the answer to its request was lost and the request was repeated.</param>
    public static TableEntity Write(SessionRecord session, string creation)
    {
        var row = new TableEntity(PartitionOf(session.Id), Key)
        {
            ["Id"] = session.Id,
            ["Agent"] = session.Agent,
            ["AgentVersion"] = session.AgentVersion,
            ["SnapshotHash"] = session.SnapshotHash,
            ["TaskType"] = session.TaskType,
            ["UserId"] = session.UserId,
            ["CreatedAt"] = session.CreatedAt.UtcTicks,
            [Creation] = creation,
        };
        Packed.Write(row, "Goal", session.Goal, "The goal");
        Packed.Write(row, "Context", session.Context.GetRawText(), "The context");
        row["Status"] = session.Progress.Status.ToString();
        row[Revision] = session.Progress.Revision;
        row["UpdatedAt"] = session.UpdatedAt.UtcTicks;
        Packed.Write(row, "Progress", StoredJson.Write(session.Progress with { Answer = null }), "The session's progress");
        if (session.Progress.Answer is { } answer)
        {
            Packed.Write(row, "Answer", answer, "The answer");
        }
        row["Suspended"] = session.Suspended;
        if (session.ForkedFrom is { } source)
        {
            row["ForkedFrom"] = StoredJson.Write(source);
        }
        if (session.Feedback is { } feedback)
        {
            Packed.Write(row, "Feedback", StoredJson.Write(feedback), "The feedback");
        }
        return row;
    }

    public static SessionRecord Read(TableEntity row) => new()
    {
        Id = row.GetString("Id"),
        Agent = row.GetString("Agent"),
        AgentVersion = row.GetString("AgentVersion"),
        SnapshotHash = row.GetString("SnapshotHash"),
        Goal = Packed.Read(row, "Goal") ?? "",
        TaskType = row.GetString("TaskType"),
        UserId = row.GetString("UserId"),
        Context = StoredJson.Element(Packed.Read(row, "Context")),
        CreatedAt = StoredJson.Time(row.GetInt64("CreatedAt")),
        UpdatedAt = StoredJson.Time(row.GetInt64("UpdatedAt")),
        Progress = StoredJson.Read<SessionProgress>(Packed.Read(row, "Progress")) with { Answer = Packed.Read(row, "Answer") },
        Suspended = row.GetBoolean("Suspended") ?? false,
        ForkedFrom = row.GetString("ForkedFrom") is { } source ? StoredJson.Read<ForkSource>(source) : null,
        Feedback = Packed.Read(row, "Feedback") is { } feedback ? StoredJson.Read<SessionFeedback>(feedback) : null,
    };
}
