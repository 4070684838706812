using System.Text.Json.Serialization;

namespace AgentWorkflows.Durability;

/// <summary>A failure as data: what crosses a durable boundary instead of an exception. Messages carry no secrets and no prompts.</summary>
/// <param name="ErrorType">A stable name to branch on: <see cref="DurableException.ErrorType"/> where given, else the exception's full type name.</param>
/// <param name="Message">What went wrong, for a person; cut at 4,000 characters.</param>
/// <param name="IsNonRetryable">True when another attempt cannot help. Decided where the failure is known.</param>
public sealed record FailureDetails(string ErrorType, string Message, bool IsNonRetryable = false, FailureDetails? Inner = null)
{
    public const int MaxMessageLength = 4000;
    private const int MaxDepth = 5;

    /// <summary>True when this failure or one of its inner ones is non-retryable: a parent cannot succeed where its child never will.</summary>
    [JsonIgnore]
    public bool IsNonRetryableAnywhere => IsNonRetryable || (Inner?.IsNonRetryableAnywhere ?? false);

    public static FailureDetails FromException(Exception exception) => FromException(exception, 1);

    /// <summary>True when this failure or one of its inner ones has the given type.</summary>
    public bool IsCausedBy(string errorType)
    {
        for (var failure = this; failure is not null; failure = failure.Inner)
        {
            if (string.Equals(failure.ErrorType, errorType, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static FailureDetails FromException(Exception exception, int depth)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var inner = exception switch
        {
            TaskFailedException failed => Bounded(failed.Failure, depth + 1),
            { InnerException: { } cause } when depth < MaxDepth => FromException(cause, depth + 1),
            _ => null,
        };
        var durable = exception as DurableException;
        var type = durable?.ErrorType ?? exception.GetType().FullName ?? exception.GetType().Name;
        return new FailureDetails(type, Cut(exception.Message), durable?.IsNonRetryable ?? false, inner);
    }

    /// <summary>Chains of sub-orchestrations would otherwise grow their failure at every level.</summary>
    private static FailureDetails? Bounded(FailureDetails? failure, int depth) => failure switch
    {
        null => null,
        _ when depth > MaxDepth => null,
        { Inner: { } inner } => failure with { Inner = Bounded(inner, depth + 1), IsNonRetryable = failure.IsNonRetryableAnywhere },
        _ => failure,
    };

    private static string Cut(string message) => message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
}

/// <summary>Thrown by activities and orchestrators to fail with a stable type and a decision about retrying.</summary>
public class DurableException(string errorType, string message, bool isNonRetryable, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string ErrorType { get; } = errorType;

    public bool IsNonRetryable { get; } = isNonRetryable;
}

/// <summary>What an orchestrator sees when an activity or sub-orchestration it awaited has failed for good.</summary>
public sealed class TaskFailedException(string taskName, int taskId, FailureDetails failure)
    : Exception($"Task '{taskName}' (#{taskId}) failed: {failure?.Message}")
{
    public string TaskName { get; } = taskName;

    /// <summary>The position of the call in the orchestrator's history, counted from 0.</summary>
    public int TaskId { get; } = taskId;

    public FailureDetails Failure { get; } = failure ?? throw new ArgumentNullException(nameof(failure));
}

/// <summary>Error types that engines give.</summary>
public static class DurableErrorTypes
{
    /// <summary>Replay met a history that the code did not produce. The message names the step, what history says and what the code did. Nothing is lost.</summary>
    public const string Divergence = "Divergence";

    /// <summary>No activity or orchestrator of that wire name is registered. Non-retryable.</summary>
    public const string NotRegistered = "NotRegistered";

    /// <summary>A payload could not be read as, or written from, the registered type. Non-retryable.</summary>
    public const string Serialization = "Serialization";

    /// <summary>A sub-orchestration was terminated.</summary>
    public const string Terminated = "Terminated";

    /// <summary>A sub-orchestration's chosen instance id exists already.</summary>
    public const string DuplicateInstance = "DuplicateInstance";

    /// <summary>A payload exceeds the engine's limit. Non-retryable.</summary>
    public const string PayloadTooLarge = "PayloadTooLarge";
}
