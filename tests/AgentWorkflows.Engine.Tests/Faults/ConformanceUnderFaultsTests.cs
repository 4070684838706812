using System.Reflection;
using System.Runtime.ExceptionServices;
using AgentWorkflows.Conformance;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>
/// Every scenario of the conformance suite, disturbed at its store calls: the call fails or the process dies there, before or after the call took effect.
/// The scenario's own assertions must hold, and the end must be that of the undisturbed run: instances, results, recorded events, effects.
/// An ordinary run takes a sample of each scenario's crash points, another one for each scenario; with <c>ALL_CRASH_POINTS=1</c> it takes them all.
/// </summary>
public class ConformanceUnderFaultsTests
{
    private const int Sample = 8;
    private static readonly bool All = Environment.GetEnvironmentVariable("ALL_CRASH_POINTS") == "1";

    /// <summary>Scenarios about something that a crash is allowed to change.</summary>
    private static readonly Dictionary<string, string> Excepted = new()
    {
        ["A_replay_safe_logger_writes_each_message_once"] = "A turn whose commit failed is run again, and writes its messages again.",
    };

    /// <summary>
    /// A raise whose answer is lost may have been recorded, and a client that asks again raises twice: events are delivered at least once. Elsewhere the test's
    /// client finds out from history; here the next execution has replaced it.
    /// </summary>
    private static readonly string[] LosesRaises = ["Fifty_generations_consume_fifty_events_in_order"];

    public static TheoryData<string, string> Scenarios()
    {
        var scenarios = new TheoryData<string, string>();
        foreach (var type in typeof(ConformanceUnderFaultsTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ConformanceTests))).OrderBy(type => type.Name))
        {
            foreach (var method in type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute)) && !Excepted.ContainsKey(method.Name)))
            {
                scenarios.Add(type.Name, method.Name);
            }
        }
        return scenarios;
    }

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario_DisturbedAtAStoreCall_EndsAsIfNothingHadHappened(string type, string scenario)
    {
        var (undisturbed, again) = (await RunAsync(type, scenario, null), await RunAsync(type, scenario, null));
        await Parallel.ForEachAsync(Faults(scenario, undisturbed.Calls), new ParallelOptions { MaxDegreeOfParallelism = All ? 4 : 2 }, async (fault, _) =>
        {
            try
            {
                Compare(undisturbed, again, await RunAsync(type, scenario, fault));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{type}.{scenario}, {fault} of {undisturbed.Calls}: {e.Message}", e);
            }
        });
    }

    private static IEnumerable<Fault> Faults(string scenario, int calls)
    {
        var all = Enumerable.Range(1, calls).SelectMany(call => new[]
        {
            new Fault(call, false, false), new Fault(call, true, false), new Fault(call, false, true), new Fault(call, true, true),
        }).Where(fault => !fault.After || !LosesRaises.Contains(scenario)).ToArray();
        // The same sample in every run of the same scenario, so that a failure comes back.
        var random = new Random(scenario.Aggregate(17, (hash, character) => unchecked((hash * 31) + character)));
        return All ? all : random.GetItems(all, Math.Min(Sample, all.Length)).Distinct();
    }

    private static async Task<FaultRun> RunAsync(string type, string scenario, Fault? fault)
    {
        var run = new FaultRun(fault);
        FaultRun.Current = run;
        var tests = Type.GetType($"AgentWorkflows.Engine.Tests.Conformance.{type}", throwOnError: true)!;
        try
        {
            await ((Task)tests.GetMethod(scenario)!.Invoke(Activator.CreateInstance(tests), null)!).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        finally
        {
            FaultRun.Current = null;
        }
        return run;
    }

    private static void Compare(FaultRun undisturbed, FaultRun again, FaultRun disturbed)
    {
        foreach (var (id, state) in undisturbed.Final)
        {
            // What the scenario itself leaves open or to chance is not the fault's doing.
            var found = disturbed.Final.GetValueOrDefault(id, "nothing");
            if (again.Final.GetValueOrDefault(id) == state && !FinalState.IsOpen(state) && !FinalState.IsOpen(found))
            {
                Assert.True(state == found, $"Instance {id} ended as\n  {found}\ninstead of\n  {state}");
            }
        }
        foreach (var (key, attempts) in disturbed.Attempts)
        {
            // Once, and once more for each time that the engine went away while it ran.
            var allowed = 1 + disturbed.Restarts + (disturbed.Struck ? 1 : 0);
            Assert.True(attempts <= allowed, $"Activity {key} was begun {attempts} times; {allowed} are allowed.");
        }
    }
}
