using System.Diagnostics;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Telemetry;

/// <summary>
/// Spans. All of a session's are in one trace, whichever process makes them and however often it is restarted: the span of the start is kept with the
/// session's input (<see cref="SessionRef.TraceParent"/>), and each step's span has it as its parent.
/// </summary>
internal sealed partial class Instruments
{
    /// <summary>The beginnings of span names; each is followed by a name from configuration.</summary>
    internal static class SpanNames
    {
        public const string StartSession = "start_session";
        public const string StartRollback = "start_rollback";
        public const string InvokeAgent = "invoke_agent";
        public const string Chat = "chat";
        public const string ExecuteTool = "execute_tool";

        public static IReadOnlyList<string> All { get; } = [StartSession, StartRollback, InvokeAgent, Chat, ExecuteTool];
    }

    /// <summary>Around the start of a session, or of its rollback: the span all others of the session hang on.</summary>
    /// <param name="verb"><see cref="SpanNames.StartSession"/> or <see cref="SpanNames.StartRollback"/>.</param>
    internal Activity? Root(string verb, SessionRef session)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        var span = Begin($"{verb} {session.Agent}", ActivityKind.Producer, Caller());
        Describe(span, session, SpanNames.InvokeAgent);
        return span;
    }

    internal Activity? Chat(StepContext step, ChatRequest request, string provider)
    {
        if (Start(SpanNames.Chat, request.Deployment, ActivityKind.Client, step) is not { } span)
        {
            return null;
        }
        span.SetTag(Attributes.Provider, provider);
        span.SetTag(Attributes.RequestModel, request.Deployment);
        span.SetTag(Attributes.RequestMaxTokens, request.MaxOutputTokens);
        span.SetTag(Attributes.RequestTemperature, request.Temperature);
        span.SetTag(Attributes.OutputType, request.ResponseSchema is null ? "text" : "json");
        span.SetTag(Attributes.Purpose, SnakeCase.Of(request.Purpose));
        return span;
    }

    internal Activity? Tool(StepContext step, ToolContract contract, int attempt, bool compensation)
    {
        if (Start(SpanNames.ExecuteTool, contract.Name, ActivityKind.Internal, step) is not { } span)
        {
            return null;
        }
        span.SetTag(Attributes.Tool, contract.Name);
        span.SetTag(Attributes.ToolType, FunctionTool);
        span.SetTag(Attributes.Tier, SnakeCase.Of(contract.Tier));
        span.SetTag(Attributes.Attempt, attempt);
        span.SetTag(Attributes.Compensation, compensation);
        return span;
    }

    private void AgentSpan(StepContext step, SessionFailure? failure, DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (Start(SpanNames.InvokeAgent, step.Session.Agent, ActivityKind.Internal, step, startedAt) is not { } span)
        {
            return;
        }
        var progress = step.Progress;
        span.SetTag(Attributes.TaskType, _taskTypes.Of(step.Session.TaskType));
        span.SetTag(Attributes.Status, SnakeCase.Of(progress.Status));
        span.SetTag(Attributes.Cost, Usd(progress.CostMicros));
        span.SetTag(Attributes.ToolCalls, progress.ToolCalls);
        span.SetTag(Attributes.Tokens, progress.Tokens);
        if (failure is not null)
        {
            span.SetTag(Attributes.FailureCategory, SnakeCase.Of(failure.Category));
            Fail(span, failure.Type);
        }
        span.SetEndTime(now.UtcDateTime);
        span.Dispose();
    }

    private Activity? Start(string operation, string subject, ActivityKind kind, StepContext step, DateTimeOffset startedAt = default)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        var (parent, links) = ParentOf(step.Session);
        var span = Begin($"{operation} {subject}", kind, parent, links, startedAt);
        Describe(span, step.Session, operation);
        span?.SetTag(Attributes.Turn, step.Turn);
        return span;
    }

    private Activity? Begin(
        string name, ActivityKind kind, ActivityContext parent, IReadOnlyList<ActivityLink>? links = null, DateTimeOffset startedAt = default)
    {
        if (parent == default)
        {
            // No parent would mean the current span, which is none of those that are exported.
            Activity.Current = null;
        }
        return Source.StartActivity(name, kind, parent, tags: null, links, startedAt);
    }

    private static void Describe(Activity? span, SessionRef session, string operation)
    {
        span?.SetTag(Attributes.Operation, operation);
        span?.SetTag(Attributes.Conversation, session.Id);
        span?.SetTag(Attributes.Agent, session.Agent);
        span?.SetTag(Attributes.Snapshot, session.SnapshotHash);
    }

    /// <summary>
    /// The session's own trace, with a link to what runs the step; without one (nobody listened when the session began) the trace of what runs the
    /// step.
    /// </summary>
    private static (ActivityContext Parent, IReadOnlyList<ActivityLink>? Links) ParentOf(SessionRef session)
    {
        var caller = Caller();
        if (!ActivityContext.TryParse(session.TraceParent, null, isRemote: true, out var parent))
        {
            return (caller, null);
        }
        return (parent, caller.TraceId == default || caller.TraceId == parent.TraceId ? null : [new ActivityLink(caller)]);
    }

    /// <summary>What to keep with a session's input. A start that was not sampled keeps the session's other spans out too.</summary>
    internal static string? TraceParent(Activity? root) => root?.Id ?? (Activity.Current is { Source.Name.Length: > 0 } caller ? caller.Id : null);

    /// <summary>
    /// A span that nobody made on purpose (a web server makes one for its log) is never exported: what is above it is the caller. A caller elsewhere
    /// that does not trace says nothing about whether the session is worth tracing.
    /// </summary>
    private static ActivityContext Caller() => Activity.Current switch
    {
        null => default,
        { Source.Name.Length: > 0 } current => current.Context,
        { Parent: null, Recorded: true } current when current.ParentSpanId != default =>
            new ActivityContext(current.TraceId, current.ParentSpanId, current.ActivityTraceFlags, isRemote: true),
        _ => default,
    };

    private static void Fail(Activity span, string error)
    {
        span.SetTag(Attributes.Error, error);
        span.SetStatus(ActivityStatusCode.Error);
    }
}
