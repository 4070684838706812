using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.WorkerProtocol.Messages;

namespace AgentWorkflows.DurableHost.Worker;

/// <summary>Keeps one worker running: when it ends, what it ran fails with it, and the next one is started.</summary>
internal sealed class Workers(FunctionsApp app, Uri endpoint, ExpectedWorkers expected, Action<string> log)
    : IFunctionRunner, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<WorkerProcess> _current = NewTurn();
    private Task _watch = Task.CompletedTask;

    /// <summary>The worker that runs, or the next one once it is ready.</summary>
    public Task<WorkerProcess> CurrentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _current.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What functions get that ask for the durable client. Set before the first of them is invoked.</summary>
    public string? DurableClient { get; set; }

    public async Task<WorkerProcess> StartAsync()
    {
        _watch = WatchAsync();
        return await CurrentAsync(_stopping.Token);
    }

    public async Task<string> RunOrchestratorAsync(string function, string request, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync(function, new TypedData { String = request }, [], cancellationToken);
        return output is { DataCase: TypedData.DataOneofCase.String }
            ? output.String
            : throw new InvalidOperationException($"Orchestrator '{function}' gave {output?.DataCase}.");
    }

    public async Task<string?> RunActivityAsync(string function, string instanceId, string? input, CancellationToken cancellationToken)
    {
        var payload = input is null ? new TypedData() : new TypedData { String = input };
        var output = await InvokeAsync(function, payload, [("instanceId", new TypedData { String = instanceId })], cancellationToken);
        return output?.DataCase switch
        {
            null or TypedData.DataOneofCase.None => null,
            TypedData.DataOneofCase.Json => output.Json,
            _ => throw new InvalidOperationException($"Activity '{function}' gave {output.DataCase}."),
        };
    }

    /// <param name="function">The function's name.</param>
    /// <param name="trigger">What its trigger parameter gets.</param>
    /// <param name="metadata">What the trigger knows besides.</param>
    /// <param name="cancellationToken">Asks the function to stop.</param>
    public async Task<TypedData?> InvokeAsync(
        string function, TypedData trigger, (string Name, TypedData Value)[] metadata, CancellationToken cancellationToken)
    {
        var worker = await CurrentAsync(cancellationToken);
        var invocation = Invocation(worker.Functions.Single(found => found.Name == function), trigger);
        foreach (var (name, value) in metadata)
        {
            invocation.TriggerMetadata[name] = value;
        }
        return await worker.Stream.InvokeAsync(invocation, cancellationToken);
    }

    public InvocationRequest Invocation(WorkerFunction function, TypedData trigger)
    {
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Metadata.FunctionId,
            InputData = { new ParameterBinding { Name = function.Input, Data = trigger } },
            TriggerMetadata = { [function.Input] = trigger },
        };
        invocation.InputData.AddRange(function.Clients.Select(
            client => new ParameterBinding { Name = client, Data = new TypedData { String = DurableClient } }));
        return invocation;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch;
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                using var worker = await WorkerProcess.StartAsync(app, endpoint, expected, log);
                log($"worker {worker.Id} is ready");
                _current.SetResult(worker);
                await Task.WhenAny(worker.Ended, Task.Delay(Timeout.Infinite, _stopping.Token));
                lock (_gate)
                {
                    _current = NewTurn();
                }
                worker.Stream.End("The worker's process ended.");
            }
        }
        catch (InvalidOperationException exception)
        {
            // An app that does not start will not start the next time either; whoever waits for it is told.
            log(exception.Message);
            _current.TrySetException(exception);
        }
    }

    private static TaskCompletionSource<WorkerProcess> NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
