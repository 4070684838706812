using System.Collections;
using AgentWorkflows.Durability;
using AgentWorkflows.Screening;
using AgentWorkflows.Workflow.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Hosting;

/// <summary>
/// Registers steps so that whatever is logged while one runs, by tools and stores too, carries the session's id (<c>SessionId</c>) and the step's
/// name (<c>Step</c>), and so that what one throws is redacted before it is history.
/// </summary>
internal sealed class LoggedSteps(DurableRegistry registry)
{
    public LoggedSteps AddOrchestrator<TInput, TOutput>(OrchestratorName<TInput, TOutput> name, Func<IServiceProvider, IOrchestrator<TInput, TOutput>> factory)
    {
        registry.AddOrchestrator(name, factory);
        return this;
    }

    public LoggedSteps AddActivity<TActivity, TInput, TOutput>(ActivityName<TInput, TOutput> name)
        where TActivity : class, IActivity<TInput, TOutput>
    {
        registry.AddActivity(name, services => new LoggedStep<TInput, TOutput>(
            ActivatorUtilities.CreateInstance<TActivity>(services), services.GetRequiredService<ILogger<LoggedSteps>>()));
        return this;
    }

    public static implicit operator DurableRegistry(LoggedSteps steps) => steps.Registry;

    private DurableRegistry Registry => registry;

    private sealed class LoggedStep<TInput, TOutput>(IActivity<TInput, TOutput> step, ILogger logger) : IActivity<TInput, TOutput>
    {
        public async Task<TOutput> RunAsync(IActivityContext context, TInput input, CancellationToken cancellationToken)
        {
            using var scope = logger.BeginScope(new StepScope(SessionIdOf(context.InstanceId), context.Name));
            try
            {
                return await step.RunAsync(context, input, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && RedactedException.ForHistory(exception) is var redacted && redacted != exception)
            {
                throw redacted;
            }
        }

        /// <summary>An instance has its session's id, or is the rollback of one.</summary>
        private static string SessionIdOf(string instanceId) =>
            instanceId.IndexOf(AgentRollbackOrchestrator.InstanceIdPrefix(""), StringComparison.Ordinal) is > 0 and var end ? instanceId[..end] : instanceId;
    }

    /// <summary>Read as names and values by structured loggers, as a text by others.</summary>
    private sealed class StepScope(string sessionId, string step) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 2;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("SessionId", sessionId),
            1 => new("Step", step),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
            yield return this[1];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"{step} of session {sessionId}";
    }
}
