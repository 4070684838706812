using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>
/// Tells whoever listens in this process that a session has changed. Hints, not facts: they may be merged or come too often, and what other processes write
/// is not announced, so listeners also look again from time to time. Thread-safe.
/// </summary>
internal sealed class LiveFeed(bool isAnnounced) : IDisposable
{
    private const int MaxListeners = 200;
    private const int MaxWaiting = 1024;

    private readonly ConcurrentDictionary<Listener, byte> _listeners = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>False on hosts of many processes: what another one writes is not told here, so nobody may listen.</summary>
    public bool IsAnnounced { get; } = isAnnounced;

    /// <summary>Cancelled when the host stops: streams end then, so that they do not hold the host up.</summary>
    public CancellationToken Closing => _closing.Token;

    internal int Listeners => _listeners.Count;

    public void Notify(string sessionId)
    {
        foreach (var listener in _listeners.Keys)
        {
            listener.Notify(sessionId);
        }
    }

    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();

    /// <param name="sessionId"><c>null</c>: all sessions.</param>
    /// <returns><c>null</c>: too many listen already.</returns>
    internal Listener? TryListen(string? sessionId)
    {
        if (_listeners.Count >= MaxListeners)
        {
            return null;
        }
        var listener = new Listener(this, sessionId);
        _listeners[listener] = 0;
        return listener;
    }

    internal sealed class Listener(LiveFeed feed, string? sessionId) : IDisposable
    {
        private readonly Channel<string> _changed = Channel.CreateBounded<string>(
            new BoundedChannelOptions(sessionId is null ? MaxWaiting : 1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        public void Notify(string changed)
        {
            if (sessionId is null || string.Equals(sessionId, changed, StringComparison.Ordinal))
            {
                _changed.Writer.TryWrite(changed);
            }
        }

        /// <summary>Waits for a change, at most <paramref name="patience"/>; then answers all there are, each once. Empty: nothing was announced.</summary>
        public async Task<IReadOnlySet<string>> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
        {
            try
            {
                await _changed.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Looking without a hint is the point of the timeout.
            }
            var changed = new HashSet<string>(StringComparer.Ordinal);
            while (_changed.Reader.TryRead(out var id))
            {
                changed.Add(id);
            }
            return changed;
        }

        public void Dispose() => feed._listeners.TryRemove(this, out _);
    }
}
