namespace AgentWorkflows.Server;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Delivered {Count} decisions that sessions had not been told yet")]
    public static partial void DecisionsDelivered(ILogger logger, int count);

    [LoggerMessage(5002, LogLevel.Warning, "{Task} failed; trying again later")]
    public static partial void RoundFailed(ILogger logger, string task, Exception exception);

    [LoggerMessage(5003, LogLevel.Information, "Listening on {Urls}; data in {Data}; agents {Agents}; model: {Model}")]
    public static partial void Started(ILogger logger, string urls, string data, string agents, string model);

    [LoggerMessage(5004, LogLevel.Information, "Stopping: no new requests, running ones are finished")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5005, LogLevel.Information, "Stopped; every session continues at the next start")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(5010, LogLevel.Warning, "Ended {Count} reservations that nobody settled in time; {InDoubt} of them are charged as in doubt")]
    public static partial void ReservationsExpired(ILogger logger, int count, int inDoubt);
}
