using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Hosting;

/// <summary>
/// Runs jobs, which are those of <see cref="MaintenanceJobs"/>, in this process: a round in each interval from <see cref="Start"/> until disposed, never two rounds of one job at
/// once. Owns its loops.
/// </summary>
internal sealed class MaintenanceLoop(IReadOnlyList<MaintenanceJob> jobs, TimeProvider time, ILogger<MaintenanceLoop> logger) : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _loops;
    private int _disposed;

    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public void Start()
    {
        if (Interlocked.CompareExchange(ref _loops, Task.CompletedTask, null) is not null)
        {
            throw new InvalidOperationException("Maintenance runs already.");
        }
        _loops = Task.WhenAll(jobs.Select(job => Task.Run(() => LoopAsync(job))));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stop.CancelAsync();
            await (_loops ?? Task.CompletedTask);
            _stop.Dispose();
        }
    }

    /// <summary>For containers that are not disposed of asynchronously. Not on the caller's context, which waits here.</summary>
    public void Dispose() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    private async Task LoopAsync(MaintenanceJob job)
    {
        using var timer = new PeriodicTimer(job.Interval, time);
        var due = job.AtOnce;
        try
        {
            while (due || await timer.WaitForNextTickAsync(_stop.Token))
            {
                due = false;
                await RoundAsync(job, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops; the next one does what is due then.
        }
    }

    private async Task RoundAsync(MaintenanceJob job, CancellationToken cancellationToken)
    {
        try
        {
            await job.RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // One failed round must not end the loop: what was due stays due.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.RoundFailed(logger, job.Does, RedactedException.ForLog(exception));
        }
    }
}
