using System.Text.Json;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>Sessions as they stand in the store, without running any.</summary>
internal static class SessionSeed
{
    private static readonly SessionStatus[] Statuses =
        [SessionStatus.Completed, SessionStatus.Completed, SessionStatus.Completed, SessionStatus.Failed, SessionStatus.Halted, SessionStatus.Running];

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public static Task AddAsync(ISessionStore store, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => store.TryCreateAsync(Of(i), CancellationToken.None)));

    /// <summary>Every sixth has failed; every tenth is user-3's; every third is a cancellation.</summary>
    public static SessionRecord Of(int i) => new()
    {
        Id = $"seed-{i:D6}",
        Agent = "order-desk",
        AgentVersion = "1.0",
        SnapshotHash = new string('0', 64),
        Goal = $"Refund order {1001 + (i % 200)}, it arrived broken, and tell the customer",
        TaskType = i % 3 == 0 ? "cancel" : "refund",
        UserId = $"user-{i % 10}",
        Context = JsonSerializer.SerializeToElement(new { project_id = "demo", user_id = $"user-{i % 10}", budget_limit = 1.0, task_priority = "normal" }),
        CreatedAt = Start.AddSeconds(i),
        UpdatedAt = Start.AddSeconds(i + 5),
        Progress = new SessionProgress { Revision = 9, Status = Statuses[i % Statuses.Length], Phase = "done", Turn = 1 + (i % 9), CostMicros = 1000 + i, Tokens = 1200 },
    };

    /// <summary>A finished session with a long timeline: turns of four steps each.</summary>
    public static async Task AddLongAsync(ISessionStore store, string id, int steps)
    {
        var session = Of(0) with { Id = id, Goal = "A very long session" };
        await store.TryCreateAsync(session with { Progress = session.Progress with { Turn = steps / 4 } }, CancellationToken.None);
        var kinds = new[] { TimelineKind.Plan, TimelineKind.Gate, TimelineKind.Act, TimelineKind.Observe };
        await store.AppendTimelineAsync(
            [.. Enumerable.Range(0, steps).Select(i => new TimelineEntry
            {
                SessionId = id,
                Key = $"{i}",
                Turn = 1 + (i / 4),
                Kind = kinds[i % 4],
                Title = $"Step number {i + 1}",
                Status = "succeeded",
                At = Start.AddMilliseconds(i * 20),
                Duration = i % 2 == 0 ? TimeSpan.FromMilliseconds(15) : null,
                CostMicros = 10,
                Tokens = 5,
            })],
            CancellationToken.None);
    }
}
