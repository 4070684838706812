using AgentWorkflows.Evals;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Evals;

/// <summary>A bar that fills while trials end, in a terminal only. Thread-safe.</summary>
/// <param name="trials">0: nothing is shown.</param>
internal sealed class EvalProgress(Screen screen, int trials) : IDisposable
{
    private const int BarWidth = 30;

    private readonly Lock _lock = new();
    private int _ended;
    private int _failed;

    public void Ended(EvalCase wanted, TrialOutcome outcome)
    {
        lock (_lock)
        {
            _ended++;
            _failed += outcome is TrialOutcome.Scored { Passed: false } ? 1 : 0;
            if (trials > 0)
            {
                screen.Progress($"  {BarChart.Bar((decimal)_ended / trials, BarWidth)} {_ended}/{trials}{(_failed > 0 ? $", {_failed} failed" : "")}  {Layout.Cut(wanted.Name, 24)}");
            }
        }
    }

    public void Dispose() => screen.Progress("");
}
