using System.Text.Json;
using AgentWorkflows.Record;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>Sessions and timeline entries for tests.</summary>
internal static class SessionFacts
{
    public static SessionRecord Session(string id, DateTimeOffset createdAt, string agent = "order-desk", string userId = "u-1", string taskType = "refund") => new()
    {
        Id = id,
        Agent = agent,
        AgentVersion = "1",
        SnapshotHash = "sha256:abc",
        Goal = "Refund order 1001 — “déjà vu” 🚀",
        TaskType = taskType,
        UserId = userId,
        Context = Json("""{"project_id":"demo","nested":{"list":[1,2.50,null]}}"""),
        CreatedAt = createdAt,
        UpdatedAt = createdAt,
    };

    public static TimelineEntry Entry(string key, DateTimeOffset at, string sessionId = "s-1") => new()
    {
        SessionId = sessionId,
        Key = key,
        Turn = 1,
        Kind = TimelineKind.Act,
        Title = $"Did {key}",
        Status = "succeeded",
        At = at,
        Duration = TimeSpan.FromMilliseconds(12.5),
        Tool = "refund",
        StepId = "r",
        CostMicros = 7,
        Tokens = 3,
        Detail = Json("""{"arguments":{"amount":12.50}}"""),
    };

    public static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    /// <summary>A record as text, to compare the values of records that hold JSON.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value);
}
