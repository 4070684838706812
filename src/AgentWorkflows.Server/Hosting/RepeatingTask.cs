using AgentWorkflows.Screening;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// What has to happen though nobody asks: one round at start, unless it is to wait, and one in each interval until disposed, never two at once. A round that fails is
/// logged, and the next one tries again. Owns its loop.
/// </summary>
internal sealed class RepeatingTask : IAsyncDisposable
{
    private readonly string _name;
    private readonly TimeSpan _interval;
    private readonly Func<CancellationToken, Task> _round;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _disposed;

    private RepeatingTask(string name, TimeSpan interval, Func<CancellationToken, Task> round, TimeProvider time, ILogger logger, bool atOnce)
    {
        (_name, _interval, _round, _time, _logger) = (name, interval, round, time, logger);
        _loop = Task.Run(() => LoopAsync(atOnce));
    }

    /// <param name="name">For the log, as in "Delivering pending decisions failed".</param>
    /// <param name="atOnce">False: the first round comes after the first interval.</param>
    public static RepeatingTask Start(
        string name, TimeSpan interval, Func<CancellationToken, Task> round, TimeProvider time, ILogger logger, bool atOnce = true) =>
        new(name, interval, round, time, logger, atOnce);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }
    }

    private async Task LoopAsync(bool atOnce)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            while (atOnce || await timer.WaitForNextTickAsync(_stop.Token))
            {
                atOnce = false;
                await RoundAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops; the next one does what is due then.
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _round(cancellationToken);
        }
#pragma warning disable CA1031 // One failed round must not end the loop: what was due stays due.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.RoundFailed(_logger, _name, RedactedException.ForLog(exception));
        }
    }
}
