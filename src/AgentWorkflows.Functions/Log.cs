using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions;

internal static partial class Log
{
    [LoggerMessage(5003, LogLevel.Error, "The storage account cannot be used, so what needs the product's tables fails; /health/ready answers 503 until it can.")]
    public static partial void TablesMissing(ILogger logger, Exception exception);
}
