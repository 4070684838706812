namespace AgentWorkflows.Server;

internal static partial class Log
{
    [LoggerMessage(5003, LogLevel.Information, "Listening on {Urls}; data in {Data}; agents {Agents}; model: {Model}")]
    public static partial void Started(ILogger logger, string urls, string data, string agents, string model);

    [LoggerMessage(5004, LogLevel.Information, "Stopping: no new requests, running ones are finished")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5005, LogLevel.Information, "Stopped; every session continues at the next start")]
    public static partial void Stopped(ILogger logger);
}
