using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests.Simulation;

/// <summary>What the activities of all processes of one simulation do to the world. Each gives way at least once, so that a crash can come in between.</summary>
internal sealed class SimulatedActivities
{
    public Dictionary<string, int> Effects { get; } = new(StringComparer.Ordinal);

    public DurableRegistry Registry() => new DurableRegistry()
        .AddOrchestrator(new OrchestratorName<ProgramInput, string>(SimulatedProgram.Name), _ => new Program())
        .AddActivity(new ActivityName<string, string>("work"), _ => new Activity(key => Do(key, _ => $"<{key}>")))
        .AddActivity(new ActivityName<string, string>("flaky"), _ => new Activity(input =>
        {
            var (key, failures) = (input.Split('#')[0], int.Parse(input.Split('#')[1], System.Globalization.CultureInfo.InvariantCulture));
            return Do(key, times => times > failures ? $"<{key}>" : throw new DurableException("Flaky", "not yet", false));
        }))
        .AddActivity(new ActivityName<string, string>("failing"), _ => new Activity(key => Do(key, _ => throw new DurableException("Failing", "never", false))))
        .AddActivity(new ActivityName<string, string>("echo"), _ => new Activity(text => text));

    private string Do(string key, Func<int, string> result)
    {
        var times = Effects[key] = Effects.GetValueOrDefault(key) + 1;
        return result(times);
    }

    private sealed class Program : IOrchestrator<ProgramInput, string>
    {
        public Task<string> RunAsync(IOrchestrationContext context, ProgramInput input) => SimulatedProgram.RunAsync(context, input);
    }

    private sealed class Activity(Func<string, string> run) : IActivity<string, string>
    {
        public async Task<string> RunAsync(IActivityContext context, string input, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var result = run(input);
            await Task.Yield();
            return result;
        }
    }
}
