using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>
/// Lines that the app logs reach the host's log stream. The host shows a line only when it knows its invocation, and the worker finds that in the scope under this key; with the
/// OpenTelemetry defaults the worker's own scope has another one (Azure/azure-functions-dotnet-worker#3489), so this adds it. Telemetry that the worker exports is not touched.
/// Comes before the middleware of HTTP, which runs what a function answers after all that come later.
/// </summary>
internal sealed class InvocationScope(ILogger<InvocationScope> logger) : IFunctionsWorkerMiddleware
{
    private const string Key = "AzureFunctions_InvocationId";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using (logger.BeginScope(new Dictionary<string, object> { [Key] = context.InvocationId }))
        {
            await next(context);
        }
    }
}
