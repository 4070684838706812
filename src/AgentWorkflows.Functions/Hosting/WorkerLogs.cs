using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>
/// What the worker does not say: the clients of Azure log each call of storage at Information, and the server each request, which are hundreds of lines a minute on an idle
/// host. The levels of host.json are the host's own and do not reach the worker. A level that is set by configuration counts.
/// </summary>
internal static class WorkerLogs
{
    private static readonly string[] Quiet = ["Azure", "Microsoft.AspNetCore", "Microsoft.Extensions.Http", "System.Net.Http"];

    public static void Add(ILoggingBuilder logging)
    {
        foreach (var category in Quiet)
        {
            logging.AddFilter(category, LogLevel.Warning);
        }
    }
}
