using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Approvals;

internal static partial class Log
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "Tool {Tool} could not tell what a call would change; the approval is asked without a preview")]
    public static partial void PreviewFailed(ILogger logger, string tool, Exception exception);
}
