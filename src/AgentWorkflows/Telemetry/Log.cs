using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Telemetry;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Warning, "Tool {Tool} could not tell what a call would change; the approval is asked without a preview")]
    public static partial void PreviewFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(2201, LogLevel.Information, "The report of {Day} was sent to {Channel}")]
    public static partial void ReportSent(ILogger logger, string day, string channel);

    [LoggerMessage(2202, LogLevel.Warning, "The report of {Day} could not be sent to {Channel}: {Reason} It is tried again until the day is over")]
    public static partial void ReportNotSent(ILogger logger, string day, string channel, string reason);

    [LoggerMessage(2203, LogLevel.Error, "The report of {Day} is not sent to {Channel}: {Reason} Trying again cannot help")]
    public static partial void ReportRefused(ILogger logger, string day, string channel, string reason);

    [LoggerMessage(2204, LogLevel.Information, "Retention: forgot {Sessions} sessions, the documents of {Documents} others, "
        + "{Entries} cost entries, {Approvals} approvals and {Touches} notes about resources")]
    public static partial void Forgotten(ILogger logger, int sessions, int documents, int entries, int approvals, int touches);

    [LoggerMessage(2205, LogLevel.Warning, "Retention: session {SessionId} could not be forgotten; it is tried again tomorrow")]
    public static partial void NotForgotten(ILogger logger, string sessionId, Exception exception);

    [LoggerMessage(2206, LogLevel.Information, "Retention: a round ended after {Minutes} minutes with something left to do; a later one goes on")]
    public static partial void RetentionCutOff(ILogger logger, double minutes);

    [LoggerMessage(2207, LogLevel.Warning, "The report was not made within {Minutes} minutes; it is tried again until the day is over")]
    public static partial void ReportCutOff(ILogger logger, double minutes);

    [LoggerMessage(5009, LogLevel.Warning, "{Finding}")]
    public static partial void StoresDiffer(ILogger logger, string finding);

    [LoggerMessage(5001, LogLevel.Information, "Delivered {Count} decisions that sessions had not been told yet")]
    public static partial void DecisionsDelivered(ILogger logger, int count);

    [LoggerMessage(5002, LogLevel.Warning, "{Task} failed; trying again later")]
    public static partial void RoundFailed(ILogger logger, string task, Exception exception);

    [LoggerMessage(5010, LogLevel.Warning, "Ended {Count} reservations that nobody settled in time; {InDoubt} of them are charged as in doubt")]
    public static partial void ReservationsExpired(ILogger logger, int count, int inDoubt);
}
