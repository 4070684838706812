using System.Diagnostics.CodeAnalysis;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>One attempt of an activity.</summary>
internal sealed class ActivityWork(ActivityDispatcher dispatcher, InstanceRunner runner, int execution, TaskScheduled scheduled)
    : IThreadPoolWorkItem, IActivityContext
{
    public string Name => scheduled.Name;

    public string InstanceId => runner.Id;

    public InstanceRunner Runner => runner;

    public int Execution => execution;

    public TaskScheduled Scheduled => scheduled;

    public void Execute() => dispatcher.Run(this);
}

/// <summary>
/// Runs activities, a bounded number at once; the rest wait in order. What waits is recorded work of live instances, so it is bounded by
/// their number and cannot be lost.
/// </summary>
internal sealed class ActivityDispatcher(
    DurableRegistry registry, IServiceProvider services, EngineOptions options, ILogger logger, Action<IThreadPoolWorkItem> queue) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ActivityWork> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _stopped;
    private long _attempts;

    public long Attempts => Volatile.Read(ref _attempts);

    public int Running => Volatile.Read(ref _running);

    public int Waiting => _waiting.Count;

    public void Dispatch(InstanceRunner runner, int execution, TaskScheduled scheduled)
    {
        var work = new ActivityWork(this, runner, execution, scheduled);
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }
            if (_running >= options.MaxConcurrentActivities)
            {
                _waiting.Enqueue(work);
                return;
            }
            _running++;
        }
        queue(work);
    }

    /// <summary>Starts no more, cancels the running ones and waits for them, for <paramref name="timeout"/> at most.</summary>
    public async Task StopAsync(TimeSpan timeout, TimeProvider time)
    {
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
            if (_running == 0)
            {
                _idle.TrySetResult();
            }
        }
        await _stop.CancelAsync();
        try
        {
            await _idle.Task.WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            logger.ActivitiesLeft(Running);
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Runs this attempt, then waiting ones on the same slot. Counted in <see cref="Running"/> until it ends.</summary>
    public async void Run(ActivityWork first)
    {
        for (ActivityWork? work = first; work is not null; work = NextOrRelease())
        {
            if (!work.Runner.HasEnded && await AttemptAsync(work) is { } result)
            {
                work.Runner.Post(new ActivityDone(work.Execution, work.Scheduled.TaskId, result), inline: true);
            }
        }
    }

    private ActivityWork? NextOrRelease()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var next))
            {
                return next;
            }
            _running--;
            if (_stopped && _running == 0)
            {
                _idle.TrySetResult();
            }
            return null;
        }
    }

    /// <returns><c>null</c> when the stop interrupted the attempt: that is no result, and it runs again.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever an activity throws is its failure.")]
    private async ValueTask<HistoryEvent?> AttemptAsync(ActivityWork work)
    {
        var taskId = work.Scheduled.TaskId;
        if (!registry.TryGetActivity(work.Name, out var registration))
        {
            return new TaskFailed(taskId, Ending.ActivityNotRegistered(work.Name));
        }
        Interlocked.Increment(ref _attempts);
        try
        {
            var input = Payload.Read(work.Scheduled.Input, registration.InputType, $"The input of activity '{work.Name}'");
            var output = await registration.RunAsync(services, work, input, _stop.Token);
            return new TaskCompleted(taskId, Payload.Write(output, registration.OutputType, options.MaxPayloadBytes, $"The output of activity '{work.Name}'"));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            logger.ActivityInterrupted(work.Name, work.InstanceId);
            return null;
        }
        catch (Exception e)
        {
            return new TaskFailed(taskId, FailureDetails.FromException(e));
        }
    }
}
