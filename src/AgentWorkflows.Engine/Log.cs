using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Engine opened '{path}'")]
    public static partial void Opened(this ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Information, "Engine closed '{path}'")]
    public static partial void Closed(this ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Error, "A commit of {operations} operations failed; what they assumed is dropped and read again")]
    public static partial void CommitFailed(this ILogger logger, Exception exception, int operations);

    [LoggerMessage(4, LogLevel.Error, "Instance '{instanceId}' could not be processed; it is tried again")]
    public static partial void ProcessingFailed(this ILogger logger, Exception exception, string instanceId);

    [LoggerMessage(5, LogLevel.Error, "{message}")]
    public static partial void Diverged(this ILogger logger, string message);

    [LoggerMessage(6, LogLevel.Warning, "Instance '{instanceId}' waits: orchestrator '{name}' version '{version}' is not registered. Its history is kept; register it and restart")]
    public static partial void OrchestratorMissing(this ILogger logger, string instanceId, string name, string version);

    [LoggerMessage(7, LogLevel.Debug, "Activity '{name}' of instance '{instanceId}' was cancelled by the stop; it runs again after a restart")]
    public static partial void ActivityInterrupted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(8, LogLevel.Warning, "{running} activities still run after the stop timeout; they run again after a restart")]
    public static partial void ActivitiesLeft(this ILogger logger, int running);

    [LoggerMessage(9, LogLevel.Error, "Timers or waiting instances could not be read; tried again")]
    public static partial void PagingFailed(this ILogger logger, Exception exception);
}
