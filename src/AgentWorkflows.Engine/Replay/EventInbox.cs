using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Replay;

/// <summary>External events that nobody has consumed, and waiters that nobody has served, per name without regard to case.</summary>
internal sealed class EventInbox
{
    private readonly Dictionary<string, Channel> _channels = new(StringComparer.OrdinalIgnoreCase);
    private int _arrivals;

    public int Waiters { get; private set; }

    public Task<T> WaitAsync<T>(string name, OrchestrationThread thread, Action misuse, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }
        var channel = ChannelFor(name);
        var waiter = new Waiter<T>(name);
        if (channel.Unconsumed.TryDequeue(out var early))
        {
            waiter.Deliver(early.Event.Payload);
            return waiter.Task;
        }
        channel.Waiting.AddLast(waiter);
        Waiters++;
        if (cancellationToken.CanBeCanceled)
        {
            waiter.Cancellation = cancellationToken.Register(() =>
            {
                if (!thread.IsCurrent)
                {
                    misuse();
                }
                // Removed before it is cancelled: a cancelled wait consumes nothing.
                else if (channel.Waiting.Remove(waiter))
                {
                    Waiters--;
                    waiter.TrySetCanceled(cancellationToken);
                }
            });
        }
        return waiter.Task;
    }

    /// <param name="keep">True when the execution is over: whoever still waits is never resumed, so the event is nobody's.</param>
    public void Deliver(EventRaised raised, bool keep)
    {
        var channel = ChannelFor(raised.Name);
        if (!keep && channel.Waiting.First is { } first)
        {
            channel.Waiting.RemoveFirst();
            Waiters--;
            first.Value.Deliver(raised.Payload);
            return;
        }
        channel.Unconsumed.Enqueue((_arrivals++, raised));
    }

    /// <summary>Events that nobody consumed, in the order in which they were raised.</summary>
    public List<EventRaised> Unconsumed() =>
        [.. _channels.Values.SelectMany(channel => channel.Unconsumed).OrderBy(arrival => arrival.Order).Select(arrival => arrival.Event)];

    private Channel ChannelFor(string name)
    {
        if (!_channels.TryGetValue(name, out var channel))
        {
            _channels.Add(name, channel = new Channel());
        }
        return channel;
    }

    private sealed class Channel
    {
        public Queue<(int Order, EventRaised Event)> Unconsumed { get; } = [];

        public LinkedList<IWaiter> Waiting { get; } = [];
    }

    private interface IWaiter
    {
        void Deliver(ReadOnlyMemory<byte> payload);
    }

    private sealed class Waiter<T>(string name) : TaskCompletionSource<T>, IWaiter
    {
        public CancellationTokenRegistration Cancellation { get; set; }

        public void Deliver(ReadOnlyMemory<byte> payload)
        {
            Cancellation.Unregister();
            try
            {
                TrySetResult(Payload.Read<T>(payload, $"The payload of event '{name}'")!);
            }
            catch (DurableException e)
            {
                TrySetException(e);
            }
        }
    }
}
