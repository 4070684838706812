using AgentWorkflows.Durability;

namespace AgentWorkflows.Conformance;

/// <summary>
/// The activities every test may call. <see cref="Record"/> is also how an orchestrator tells the test where it is: an activity starts
/// only after the turn that scheduled it is committed, so all that the turn did before (timers, waits, custom status) is durable by then.
/// </summary>
public static class Steps
{
    /// <summary>Takes a note.</summary>
    public static readonly ActivityName<string, Unit> Record = new("conformance.record");

    /// <summary>Notes <c>{gate}:started</c>, waits until the test opens the gate, notes <c>{gate}:finished</c> and gives the gate's name.</summary>
    public static readonly ActivityName<string, string> Hold = new("conformance.hold");

    public static void Register(DurableRegistry registry, Recorder recorder)
    {
        registry.Activity<string, Unit>(Record.Value, note =>
        {
            recorder.Record(note);
            return Unit.Value;
        });
        registry.AddActivity(Hold, _ => new DelegateActivity<string, string>(async (gate, cancellationToken) =>
        {
            recorder.Record($"{gate}:started");
            await recorder.PassAsync(gate, cancellationToken);
            recorder.Record($"{gate}:finished");
            return gate;
        }));
    }
}
