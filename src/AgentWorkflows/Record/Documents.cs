using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Record;

/// <summary>The documents a session keeps, and how they are read and written with types.</summary>
internal static class Documents
{
    public static DocumentKey Plan(StepContext step) => Key(step, "plan");

    public static DocumentKey InvalidPlan(StepContext step, int attempt) => Key(step, $"invalid-plan:{attempt}");

    public static DocumentKey FailedPlan(StepContext step, int attempt) => Key(step, $"failed-plan:{attempt}");

    /// <summary>How the goal was judged.</summary>
    public static DocumentKey Difficulty(StepContext step) => Key(step, DifficultyStep);

    private const string DifficultyStep = "difficulty";

    /// <summary>Calls that each session makes and pays for itself: a fork makes its own.</summary>
    public static bool IsOwnCall(string step) => step == DifficultyStep || step.StartsWith(SummaryCallPrefix, StringComparison.Ordinal);

    public static bool IsSummary(string step) => step == SummaryStep || step.StartsWith(SummaryPrefix, StringComparison.Ordinal);

    /// <summary>What the answer route made of the plan's draft.</summary>
    public static DocumentKey Answer(StepContext step, int attempt) => Key(step, $"{AnswerPrefix}{attempt}");

    public const string AnswerPrefix = "answer:";

    /// <summary>A turn can have several, each reaching further than the last.</summary>
    public static DocumentKey Summary(StepContext step, int upToTurn) => Key(step, $"{SummaryPrefix}{upToTurn}");

    /// <summary>What the model made of the turns, before it becomes the summary.</summary>
    public static DocumentKey SummaryCall(StepContext step, int upToTurn) => Key(step, $"{SummaryCallPrefix}{upToTurn}");

    private const string SummaryCallPrefix = "summary-call:";

    public const string SummaryPrefix = "summary:";

    /// <summary>What the only summary of a turn was called before there could be several.</summary>
    public const string SummaryStep = "summary";

    /// <summary>The arguments a person put in place of the planned ones.</summary>
    public static DocumentKey EditedArguments(StepContext step, string stepId) => Key(step, $"arguments:{stepId}");

    /// <summary>Written before a tool that is not idempotent is called, so that a repeated step knows that the call may have happened.</summary>
    public static DocumentKey CallStarted(StepContext step, string stepId, int attempt) => Key(step, $"started:{stepId}:{attempt}");

    public static DocumentKey CallResult(StepContext step, string stepId, int attempt) => Key(step, $"result:{stepId}:{attempt}");

    /// <summary>The result of the attempt that succeeded.</summary>
    public static DocumentKey Result(string sessionId, int turn, string stepId) => new(sessionId, turn, $"result:{stepId}");

    /// <summary>What a look at the world said of a call of which no answer came.</summary>
    public static DocumentKey Look(StepContext step, string stepId, int look) => Key(step, $"look:{stepId}:{look}");

    /// <summary>The look that found that it took effect.</summary>
    public static DocumentKey Found(StepContext step, string stepId) => Key(step, $"found:{stepId}");

    public static DocumentKey Observation(StepContext step, string stepId) => Key(step, ObservationPrefix + stepId);

    public const string ObservationPrefix = "observation:";

    public const string PlanStep = "plan";

    private static DocumentKey Key(StepContext step, string name) => new(step.Session.Id, step.Turn, name);

    public static async Task<T> PutAsync<T>(this ISessionStore store, DocumentKey key, T document, CancellationToken cancellationToken)
    {
        var stored = await store.PutDocumentAsync(key, JsonSerializer.SerializeToElement(document, DurableJson.Options), cancellationToken);
        return Read<T>(key, stored);
    }

    public static async Task<T?> FindAsync<T>(this ISessionStore store, DocumentKey key, CancellationToken cancellationToken)
        where T : class =>
        await store.GetDocumentAsync(key, cancellationToken) is { } stored ? Read<T>(key, stored) : null;

    public static async Task<T> RequireAsync<T>(this ISessionStore store, DocumentKey key, CancellationToken cancellationToken)
        where T : class =>
        await store.FindAsync<T>(key, cancellationToken) ?? throw new DurableException(
            "MissingDocument", $"The session store has no document '{key.Step}' for turn {key.Turn} of session {key.SessionId}.", isNonRetryable: true);

    /// <summary>The step's own session.</summary>
    public static async Task<SessionRecord> RequireSessionAsync(this ISessionStore store, StepContext step, CancellationToken cancellationToken) =>
        await store.GetAsync(step.Session.Id, cancellationToken)
        ?? throw new DurableException("MissingSession", $"The session store has no session {step.Session.Id}.", isNonRetryable: true);

    private static T Read<T>(DocumentKey key, JsonElement stored) => stored.Deserialize<T>(DurableJson.Options)
        ?? throw new DurableException("InvalidDocument", $"Document '{key.Step}' of turn {key.Turn} of session {key.SessionId} is null.", isNonRetryable: true);
}
