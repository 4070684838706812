using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests.Simulation;

/// <summary>Something a client wants done, and asks for until it is answered.</summary>
/// <param name="ask">Asks; true when the answer says that it need not be asked again.</param>
/// <param name="after">What has to be done first.</param>
internal sealed class Wish(string what, Func<EmbeddedEngine, Task<bool>> ask, Wish? after = null)
{
    private Task<bool>? _asked;

    public string What => what;

    public bool IsDone { get; private set; }

    public bool CanAsk => !IsDone && _asked is null && after?.IsDone != false;

    public bool WasAsked { get; private set; }

    public void Ask(EmbeddedEngine engine)
    {
        WasAsked = true;
        _asked = ask(engine);
    }

    /// <summary>The process died: nobody answers any more.</summary>
    public void Forget() => _asked = null;

    public void Look()
    {
        if (_asked is { IsCompleted: true })
        {
            IsDone = _asked is { IsCompletedSuccessfully: true, Result: true };
            _ = _asked.Exception;
            _asked = null;
        }
    }
}

/// <summary>The wishes of one simulation: starts, events, and now and then a suspension, a resumption or a termination.</summary>
internal static class SimulatedClient
{
    public static List<Wish> Wishes(ProgramInput root, SimulatedProgram.Expectation expected, Random random, out Wish? termination)
    {
        var wishes = new List<Wish>();
        var start = new Wish($"start {root.Id}", async engine =>
            await engine.ScheduleNewOrchestrationInstanceAsync(SimulatedProgram.Name, root, new StartOrchestrationOptions { InstanceId = root.Id }) is not null);
        wishes.Add(start);
        foreach (var (id, name, payload) in expected.Events)
        {
            // A child that does not exist yet is told later, unless it never will.
            wishes.Add(new Wish($"raise {name}", async engine =>
                await engine.RaiseEventAsync(id, name, payload) != CommandOutcome.NotFound || (await engine.GetInstanceAsync(root.Id))!.Status.IsTerminal(), start));
        }
        if (random.Next(4) == 0)
        {
            var suspension = new Wish($"suspend {root.Id}", async engine => await engine.SuspendInstanceAsync(root.Id) != CommandOutcome.NotFound, start);
            wishes.Add(suspension);
            wishes.Add(new Wish($"resume {root.Id}", async engine => await engine.ResumeInstanceAsync(root.Id) != CommandOutcome.NotFound, suspension));
        }
        termination = random.Next(8) == 0
            ? new Wish($"terminate {root.Id}", async engine => await engine.TerminateInstanceAsync(root.Id) != CommandOutcome.NotFound, start)
            : null;
        if (termination is not null)
        {
            wishes.Add(termination);
        }
        return wishes;
    }
}
