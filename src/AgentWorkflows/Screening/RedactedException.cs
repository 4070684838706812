using AgentWorkflows.Durability;

namespace AgentWorkflows.Screening;

/// <summary>
/// An exception without secrets and without what names a person, for a log or for a durable boundary. It is redacted where it is known, so that no host has to:
/// what a logger or an engine writes of it is <see cref="ToString"/> or <see cref="Exception.Message"/>.
/// </summary>
internal sealed class RedactedException : Exception
{
    private readonly string _text;

    private RedactedException(string message, string text)
        : base(message) => _text = text;

    /// <returns>The exception itself where there is nothing to take out.</returns>
    public static Exception ForLog(Exception exception)
    {
        var text = exception.ToString();
        var redacted = Redaction.LogText(text);
        return redacted == text ? exception : new RedactedException(Redaction.LogText(exception.Message), redacted);
    }

    /// <returns>The exception itself where there is nothing to take out; else one of the same error type that may be retried as often.</returns>
    public static Exception ForHistory(Exception exception) => IsClean(exception) ? exception : Durable(exception);

    public override string ToString() => _text;

    private static bool IsClean(Exception? exception) =>
        exception is null || (Redaction.LogText(exception.Message) == exception.Message && IsClean(exception.InnerException));

    private static DurableException Durable(Exception exception)
    {
        var durable = exception as DurableException;
        return new DurableException(
            durable?.ErrorType ?? exception.GetType().FullName!, Redaction.LogText(exception.Message), durable?.IsNonRetryable ?? false,
            exception.InnerException is { } inner ? Durable(inner) : null);
    }
}
