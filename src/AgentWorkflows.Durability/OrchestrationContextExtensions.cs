namespace AgentWorkflows.Durability;

/// <summary>Calls by typed name, and the race of an external event against a durable timer.</summary>
public static class OrchestrationContextExtensions
{
    public static Task<TOutput> CallAsync<TInput, TOutput>(
        this IOrchestrationContext context, ActivityName<TInput, TOutput> activity, TInput input, RetryPolicy? retry = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CallActivityAsync<TOutput>(activity.Value, input, retry);
    }

    public static Task<TOutput> CallAsync<TInput, TOutput>(
        this IOrchestrationContext context, OrchestratorName<TInput, TOutput> orchestrator, TInput input, SubOrchestrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CallSubOrchestratorAsync<TOutput>(orchestrator.Value, input, options);
    }

    public static Task CreateTimer(this IOrchestrationContext context, TimeSpan delay, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CreateTimer(context.CurrentUtcDateTime + delay, cancellationToken);
    }

    /// <summary>Waits for an event until <paramref name="deadline"/>. The loser of the race is cancelled: a late event stays for the next waiter.</summary>
    public static async Task<EventOrTimeout<TEvent>> WaitForExternalEventUntil<TEvent>(
        this IOrchestrationContext context, string eventName, DateTimeOffset deadline)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var eventWait = new CancellationTokenSource();
        using var timerWait = new CancellationTokenSource();
        var received = context.WaitForExternalEvent<TEvent>(eventName, eventWait.Token);
        var timer = context.CreateTimer(deadline, timerWait.Token);
        await Task.WhenAny(received, timer);
        // Both may have completed before this goes on; the event is consumed then and must not be lost to the timer.
        if (received.IsCompleted)
        {
            // Not CancelAsync: it runs its callbacks on another thread, and an orchestrator has only its own.
            timerWait.Cancel();
            return new EventOrTimeout<TEvent>(false, await received);
        }
        eventWait.Cancel();
        return new EventOrTimeout<TEvent>(true, default);
    }
}

/// <summary>The outcome of <see cref="OrchestrationContextExtensions.WaitForExternalEventUntil{TEvent}"/>: <see cref="Value"/> is set unless <see cref="TimedOut"/>.</summary>
public readonly record struct EventOrTimeout<TEvent>(bool TimedOut, TEvent? Value);
