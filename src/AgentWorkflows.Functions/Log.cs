using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "{Count} recorded decisions were delivered to their sessions.")]
    public static partial void DecisionsDelivered(ILogger logger, int count);

    [LoggerMessage(5002, LogLevel.Warning, "{Count} overdue reservations were ended; {Charged} of them are charged as in doubt.")]
    public static partial void ReservationsExpired(ILogger logger, int count, int charged);

    [LoggerMessage(5003, LogLevel.Error, "The storage account cannot be used, so what needs the product's tables fails; /health/ready answers 503 until it can.")]
    public static partial void TablesMissing(ILogger logger, Exception exception);
}
