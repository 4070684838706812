using Microsoft.Extensions.Logging.Console;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Logs go to standard error, so that standard output is only what a command answers.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(bool json, LogLevel level) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told by the command itself, in words.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.AddJsonConsole(format =>
        {
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            format.IncludeScopes = true;
        });
        logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "HH:mm:ss ";
        });
        RedactingFormatter.Wrap(logging.Services);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
    });
}
