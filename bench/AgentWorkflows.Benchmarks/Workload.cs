using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine;

namespace AgentWorkflows.Benchmarks;

/// <summary>A session of N iterations of plan, act, observe: three activities, each with about 1 KiB of JSON in and out.</summary>
internal static class Workload
{
    public const int StepsPerIteration = 3;

    /// <summary>940 characters of text and the fields around it: 1 KiB of JSON.</summary>
    private static readonly string Text = new('x', 940);

    public static readonly OrchestratorName<int, int> Session = new("session");
    public static readonly OrchestratorName<Parked, string> Waiting = new("parked");
    private static readonly ActivityName<Note, Note> Plan = new("plan");
    private static readonly ActivityName<Note, Note> Act = new("act");
    private static readonly ActivityName<Note, Note> Observe = new("observe");

    /// <param name="effect">What every activity does to the world, given its key.</param>
    public static DurableRegistry Registry(Action<string>? effect = null) => new DurableRegistry()
        .AddOrchestrator(Session, _ => new SessionOrchestrator())
        .AddOrchestrator(Waiting, _ => new ParkedOrchestrator())
        .AddActivity(Plan, _ => new NoteActivity(effect))
        .AddActivity(Act, _ => new NoteActivity(effect))
        .AddActivity(Observe, _ => new NoteActivity(effect));

    public static EngineOptions Options(string database) => new() { DatabasePath = database, MaxConcurrentActivities = 256 };

    public static Task<EmbeddedEngine> OpenAsync(string database, Func<EngineOptions, EngineOptions>? configure = null, Action<string>? effect = null) =>
        EmbeddedEngine.OpenAsync((configure ?? (options => options))(Options(database)), Registry(effect), new NoServices());

    public static int PayloadBytes => JsonSerializer.SerializeToUtf8Bytes(new Note("session-000", 100, Text), DurableJson.Options).Length;

    internal sealed record Note(string Session, int Step, string Text);

    internal sealed record Parked(string Question, string Text);

    private sealed class SessionOrchestrator : IOrchestrator<int, int>
    {
        public async Task<int> RunAsync(IOrchestrationContext context, int input)
        {
            var note = new Note(context.InstanceId, 0, Text);
            for (var iteration = 0; iteration < input; iteration++)
            {
                note = await context.CallAsync(Plan, note);
                note = await context.CallAsync(Act, note);
                note = await context.CallAsync(Observe, note);
            }
            return note.Step;
        }
    }

    private sealed class ParkedOrchestrator : IOrchestrator<Parked, string>
    {
        public Task<string> RunAsync(IOrchestrationContext context, Parked input) => context.WaitForExternalEvent<string>("answer");
    }

    private sealed class NoteActivity(Action<string>? effect) : IActivity<Note, Note>
    {
        public Task<Note> RunAsync(IActivityContext context, Note input, CancellationToken cancellationToken)
        {
            effect?.Invoke($"{input.Session}/{input.Step}");
            return Task.FromResult(input with { Step = input.Step + 1 });
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
