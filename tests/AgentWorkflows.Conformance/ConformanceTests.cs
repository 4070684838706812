using System.Runtime.CompilerServices;
using AgentWorkflows.Durability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Conformance;

/// <summary>
/// The base of every conformance class. An engine's test project derives one sealed class from each of them and says how to start its engine.
/// </summary>
public abstract class ConformanceTests
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any test: a wait of this length is never over.</summary>
    protected static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected abstract EngineCapabilities Capabilities { get; }

    /// <summary>
    /// Starts an engine on empty storage. It takes its <see cref="ILoggerFactory"/> from <paramref name="services"/>, and the registered
    /// factories get <paramref name="services"/> or a scope of it. At least ten activities must be able to run at the same time.
    /// </summary>
    protected abstract Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services);

    /// <summary>Starts an engine with the test's orchestrators and activities, and those of <see cref="Steps"/>.</summary>
    protected async Task<EngineRun> RunningAsync(Action<DurableRegistry> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        var recorder = new Recorder();
        var logs = new CapturedLogs();
        var registry = new DurableRegistry();
        Steps.Register(registry, recorder);
        register(registry);
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(logs).BuildServiceProvider();
        try
        {
            return new EngineRun(await StartAsync(registry, services), recorder, logs, services);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Skips the test unless the engine has the capability.</summary>
    protected static void Requires(bool capability, [CallerArgumentExpression(nameof(capability))] string name = "")
    {
        if (!capability)
        {
            throw new CapabilityMissingException(name);
        }
    }

    /// <summary>For orchestrators: awaits a call that must fail.</summary>
    protected static async Task<TaskFailedException> FailureOf(Task call)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            await call;
        }
        catch (TaskFailedException failed)
        {
            return failed;
        }
        throw new DurableException("Conformance.NoFailure", "The call was expected to fail.", isNonRetryable: true);
    }
}
