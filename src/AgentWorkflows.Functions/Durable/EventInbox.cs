using System.Text.Json;
using AgentWorkflows.Durability;
using Microsoft.DurableTask;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// External events in the order in which they came, each to one waiter, waiters first come, first served. Durable Task itself serves the last waiter first and
/// loses the event that meets a cancelled one; so there is at most one wait of it for each name, and what it brings is kept here.
/// </summary>
internal sealed class EventInbox(TaskOrchestrationContext context)
{
    private readonly Dictionary<string, Box> _boxes = new(StringComparer.OrdinalIgnoreCase);
    private bool _forwarding;

    public async Task<T> WaitAsync<T>(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_boxes.TryGetValue(name, out var box))
        {
            _boxes.Add(name, box = new Box());
        }
        if (box.Kept.TryDequeue(out var early))
        {
            return DurablePayload.Read<T>(early, $"Event '{name}'");
        }
        var waiter = new TaskCompletionSource<JsonElement?>();
        box.Waiters.AddLast(waiter);
        using var registration = cancellationToken.Register(() =>
        {
            box.Waiters.Remove(waiter);
            waiter.TrySetCanceled(cancellationToken);
        });
        if (!box.Pumping)
        {
            _ = PumpAsync(name, box);
        }
        return DurablePayload.Read<T>(await waiter.Task, $"Event '{name}'");
    }

    /// <summary>Sends what nobody has waited for to the next execution, before what Durable Task has kept itself, which came later.</summary>
    public void Forward()
    {
        _forwarding = true;
        foreach (var (name, box) in _boxes)
        {
            while (box.Kept.TryDequeue(out var payload))
            {
                Send(name, payload);
            }
        }
    }

    private async Task PumpAsync(string name, Box box)
    {
        box.Pumping = true;
        while (box.Waiters.Count > 0)
        {
            var payload = await context.WaitForExternalEvent<JsonElement?>(name, CancellationToken.None);
            if (_forwarding)
            {
                Send(name, payload);
            }
            else if (box.Waiters.First is { } first)
            {
                box.Waiters.RemoveFirst();
                first.Value.TrySetResult(payload);
            }
            else
            {
                box.Kept.Enqueue(payload);
            }
        }
        box.Pumping = false;
    }

    // The null event is an event too.
    private void Send(string name, JsonElement? payload) =>
        context.SendEvent(context.InstanceId, name, payload ?? JsonSerializer.SerializeToElement<object?>(null, DurableJson.Options));

    private sealed class Box
    {
        public Queue<JsonElement?> Kept { get; } = new();

        public LinkedList<TaskCompletionSource<JsonElement?>> Waiters { get; } = new();

        public bool Pumping { get; set; }
    }
}
