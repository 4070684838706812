namespace AgentWorkflows.Testing;

/// <summary>The process "died" here.</summary>
public sealed class CrashException(string point) : Exception($"Crashed {point}.");

/// <summary>
/// Counts what a step does to the outside, before and after each, and crashes at the given numbers, from 1. Shared by the decorators of one test, so that a loop
/// over the numbers meets every crash point.
/// </summary>
public sealed class CrashPoints(params int[] at)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _left = [.. at];
    private int _passed;

    /// <summary>True when every crash has happened; false ends a loop over crash points.</summary>
    public bool AllReached => _left.Count == 0;

    public async Task<T> AroundAsync<T>(string name, Func<Task<T>> act)
    {
        Pass($"before {name}");
        var result = await act();
        Pass($"after {name}");
        return result;
    }

    public Task AroundAsync(string name, Func<Task> act) => AroundAsync(name, async () =>
    {
        await act();
        return true;
    });

    private void Pass(string point)
    {
        lock (_lock)
        {
            if (_left.Remove(++_passed))
            {
                throw new CrashException(point);
            }
        }
    }
}
