using Microsoft.Extensions.Logging;

namespace AgentWorkflows.AspNetCore;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Error, "Request {Route} failed; trace id {TraceId}")]
    public static partial void RequestFailed(ILogger logger, string route, string traceId, Exception exception);

    [LoggerMessage(4002, LogLevel.Error, "Readiness check {Check} failed")]
    public static partial void CheckFailed(ILogger logger, string check, Exception exception);
}
