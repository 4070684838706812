using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "{Count} recorded decisions were delivered to their sessions.")]
    public static partial void DecisionsDelivered(ILogger logger, int count);

    [LoggerMessage(5002, LogLevel.Warning, "{Count} overdue reservations were ended; {Charged} of them are charged as in doubt.")]
    public static partial void ReservationsExpired(ILogger logger, int count, int charged);
}
