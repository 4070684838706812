using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;

namespace AgentWorkflows.Steps;

/// <summary>Writes what a step did where people see it: the session's progress, its timeline and telemetry. Shared by all activities.</summary>
internal sealed class StepRecorder(ISessionStore store, TimeProvider time, Instruments? telemetry = null)
{
    public Instruments Telemetry { get; } = telemetry ?? Instruments.Unobserved;

    public DateTimeOffset Now => time.GetUtcNow();

    public long Started => time.GetTimestamp();

    public TimeSpan Since(long started) => time.GetElapsedTime(started);

    /// <summary>Shows what is being done before it is done: with what the step writes next.</summary>
    public Task ShowAsync(StepContext step, CancellationToken cancellationToken) =>
        store.ShowProgressAsync(step.Session.Id, step.Progress, Now, cancellationToken);

    public Task AddAsync(TimelineEntry entry, CancellationToken cancellationToken) => store.AppendTimelineAsync([entry], cancellationToken);

    public TimelineEntry Entry(StepContext step, TimelineKind kind, string key, string title, string status, object? detail = null) => new()
    {
        SessionId = step.Session.Id,
        Key = $"{step.Turn}/{key}",
        Turn = step.Turn,
        Kind = kind,
        Title = Redaction.Text(title),
        Status = status,
        At = Now,
        Detail = detail is null ? null : Redaction.Json(JsonSerializer.SerializeToElement(detail, DurableJson.Options)),
    };
}
