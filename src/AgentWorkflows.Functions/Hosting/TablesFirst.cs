using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Screening;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>
/// The tables are there before anything uses them, and no sooner: a worker also starts while storage cannot be reached, so that it can say so. What is repeated by the
/// engine or the clock waits for them and fails with them; a request goes on to its handler, because readiness is one of those.
/// </summary>
internal sealed class TablesFirst(StorageTables tables, ILogger<TablesFirst> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        switch (TriggerOf(context.FunctionDefinition))
        {
            case "activityTrigger" or "timerTrigger":
                await tables.EnsureAsync(context.CancellationToken);
                break;
            default:
                // An orchestrator touches nothing, and a request is routed first: whether the process lives is no question for storage.
                break;
        }
        await next(context);
    }

    private static string? TriggerOf(FunctionDefinition function) =>
        function.InputBindings.Values.Select(binding => binding.Type).FirstOrDefault(type => type.EndsWith("Trigger", StringComparison.Ordinal));

    /// <summary>For a route whose handler needs services: that the tables are not there is for the handler to find, and in the log.</summary>
    public async Task TryEnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tables.EnsureAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.TablesMissing(logger, RedactedException.ForLog(exception));
        }
    }
}
