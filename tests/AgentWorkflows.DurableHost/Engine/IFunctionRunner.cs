namespace AgentWorkflows.DurableHost.Engine;

/// <summary>Runs functions: the worker of a Functions app, or what a test puts in its place.</summary>
public interface IFunctionRunner
{
    /// <param name="function">The function's name.</param>
    /// <param name="request">The orchestrator's history and new events, as the durable extension writes them for workers: protobuf in
    /// base64.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>What the orchestrator wants done, in the same form.</returns>
    Task<string> RunOrchestratorAsync(string function, string request, CancellationToken cancellationToken);

    /// <param name="function">The function's name.</param>
    /// <param name="instanceId">Of the orchestration that called.</param>
    /// <param name="input">JSON; <c>null</c>: none.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>JSON; <c>null</c>: nothing.</returns>
    /// <exception cref="WorkerFailedException">The function failed.</exception>
    Task<string?> RunActivityAsync(string function, string instanceId, string? input, CancellationToken cancellationToken);
}

/// <summary>
/// A function failed in the worker. The platform hands it to the extension in this form, which takes type and message of the exception
/// out of it.
/// </summary>
public sealed class WorkerFailedException(string status, string exception, string stack)
    : Exception($"Result: {status}\nException: {exception}\nStack: {stack}")
{
    public static WorkerFailedException Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new WorkerFailedException("Failure", exception.ToString(), exception.StackTrace ?? "");
    }
}

/// <summary>
/// The worker's process ended while it ran a function. The durable extension knows this failure by its type's name, and repeats what
/// ran.
/// </summary>
public sealed class WorkerProcessExitException(string message) : Exception(message);
