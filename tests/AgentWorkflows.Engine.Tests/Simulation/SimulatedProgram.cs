using System.Text.Json.Serialization;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests.Simulation;

/// <summary>What an instance is to do: the steps follow from the seed, the results so far are carried along.</summary>
internal sealed record ProgramInput(int Seed, string Id, int Depth, int Generation, int Generations, string Results);

internal enum StepKind
{
    Activity, Parallel, Flaky, Failing, Timer, CancelledTimer, Event, EventUntil, Child, Guid,
}

internal sealed record Step(StepKind Kind, string Key, int Number);

/// <summary>A random orchestration, and what it must come to however it is disturbed.</summary>
internal static class SimulatedProgram
{
    public const string Name = "program";
    private static readonly StepKind[] Kinds = Enum.GetValues<StepKind>();
    private static readonly RetryPolicy Retry = new() { MaxNumberOfAttempts = 8, FirstRetryInterval = TimeSpan.FromSeconds(2), BackoffCoefficient = 2 };

    public static IReadOnlyList<Step> Steps(ProgramInput input)
    {
        var random = new Random(HashCode(input.Id, input.Seed + (input.Generation * 1000)));
        return [.. Enumerable.Range(0, random.Next(1, 6)).Select(i =>
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            kind = kind == StepKind.Child && input.Depth >= 2 ? StepKind.Activity : kind;
            return new Step(kind, $"{input.Id}/{input.Generation}.{i}", random.Next(1, 5));
        })];
    }

    public static ProgramInput Child(ProgramInput parent, Step step) => new(parent.Seed, step.Key, parent.Depth + 1, 0, step.Number > 3 ? 2 : 1, "");

    /// <summary>What the instance and its children give and do when nobody terminates them.</summary>
    public static Expectation Expect(ProgramInput input)
    {
        var expected = new Expectation();
        var results = input.Results;
        for (var generation = 0; generation < input.Generations; generation++)
        {
            foreach (var step in Steps(input with { Generation = generation }))
            {
                results += expected.Add(input, step);
            }
        }
        return expected with { Output = results };
    }

    public static async Task<string> RunAsync(IOrchestrationContext context, ProgramInput input)
    {
        var results = input.Results;
        foreach (var step in Steps(input))
        {
            results += await RunAsync(context, input, step);
        }
        if (input.Generation + 1 < input.Generations)
        {
            context.ContinueAsNew(input with { Generation = input.Generation + 1, Results = results });
        }
        return results;
    }

    private static async Task<string> RunAsync(IOrchestrationContext context, ProgramInput input, Step step)
    {
        var soon = context.CurrentUtcDateTime + TimeSpan.FromSeconds(step.Number * 25);
        switch (step.Kind)
        {
            case StepKind.Activity:
                return await context.CallActivityAsync<string>("work", step.Key);
            case StepKind.Parallel:
                return string.Concat(await Task.WhenAll(Branches(step).Select(key => context.CallActivityAsync<string>("work", key))));
            case StepKind.Flaky:
                return await context.CallActivityAsync<string>("flaky", $"{step.Key}#{step.Number}", Retry);
            case StepKind.Failing:
                try
                {
                    return await context.CallActivityAsync<string>("failing", step.Key, Retry with { MaxNumberOfAttempts = step.Number });
                }
                catch (TaskFailedException)
                {
                    return "!";
                }
            case StepKind.Timer:
                await context.CreateTimer(soon);
                return context.CurrentUtcDateTime >= soon ? "t" : "early";
            case StepKind.CancelledTimer:
                using (var cancel = new CancellationTokenSource())
                {
                    var never = context.CreateTimer(context.CurrentUtcDateTime + TimeSpan.FromDays(1), cancel.Token);
                    var result = await context.CallActivityAsync<string>("work", step.Key);
                    cancel.Cancel();
                    return never.IsCanceled ? result : "not cancelled";
                }
            case StepKind.Event:
                return await context.WaitForExternalEvent<string>(step.Key);
            case StepKind.EventUntil:
                var answer = await context.WaitForExternalEventUntil<string>(step.Key, soon);
                return answer.TimedOut || answer.Value == Payload(step) ? "" : "wrong event";
            case StepKind.Child:
                return await context.CallSubOrchestratorAsync<string>(Name, Child(input, step), new SubOrchestrationOptions { InstanceId = step.Key });
            case StepKind.Guid:
                var id = context.NewGuid().ToString();
                return await context.CallActivityAsync<string>("echo", id) == id ? "g" : "id changed";
            default:
                throw new InvalidOperationException($"{step.Kind}");
        }
    }

    private static IEnumerable<string> Branches(Step step) => Enumerable.Range(0, step.Number).Select(branch => $"{step.Key}+{branch}");

    private static string Payload(Step step) => $"[{step.Key}]";

    /// <summary>The same in every process, unlike that of the framework.</summary>
    private static int HashCode(string text, int seed) => text.Aggregate(seed, (hash, character) => unchecked((hash * 31) + character));

    internal sealed record Expectation
    {
        public string Output { get; init; } = "";

        /// <summary>Keys of effects, with how often an undisturbed run makes them at most.</summary>
        public Dictionary<string, int> Effects { get; } = [];

        public List<(string InstanceId, string Name, string Payload)> Events { get; } = [];

        [JsonIgnore]
        public List<string> Instances { get; } = [];

        public string Add(ProgramInput input, Step step)
        {
            switch (step.Kind)
            {
                case StepKind.Activity or StepKind.CancelledTimer:
                    Effects.Add(step.Key, 1);
                    return $"<{step.Key}>";
                case StepKind.Parallel:
                    foreach (var key in Branches(step))
                    {
                        Effects.Add(key, 1);
                    }
                    return string.Concat(Branches(step).Select(key => $"<{key}>"));
                case StepKind.Flaky:
                    Effects.Add(step.Key, step.Number + 1);
                    return $"<{step.Key}>";
                case StepKind.Failing:
                    Effects.Add(step.Key, step.Number);
                    return "!";
                case StepKind.Timer: return "t";
                case StepKind.Guid: return "g";
                case StepKind.Event or StepKind.EventUntil:
                    Events.Add((input.Id, step.Key, Payload(step)));
                    return step.Kind == StepKind.Event ? Payload(step) : "";
                case StepKind.Child:
                    var child = Expect(Child(input, step));
                    foreach (var (key, times) in child.Effects)
                    {
                        Effects.Add(key, times);
                    }
                    Events.AddRange(child.Events);
                    Instances.Add(step.Key);
                    Instances.AddRange(child.Instances);
                    return child.Output;
                default: throw new InvalidOperationException($"{step.Kind}");
            }
        }
    }
}
