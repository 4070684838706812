using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// The sources of a host: asks each for its tools, remembers what it answered, asks again those that did not. Owns them. Thread-safe.
/// </summary>
/// <exception cref="ArgumentException">Two sources could be mistaken for each other, or one has no name.</exception>
internal sealed class ToolSources : IAsyncDisposable, IDisposable
{
    /// <summary>Who needs a tool now asks at once, but not everybody who needs it.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(5);

    private readonly Entry[] _entries;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private int _disposed;

    public ToolSources(IEnumerable<IToolSource> sources, TimeProvider time, ILogger<ToolSources> logger)
    {
        _entries = [.. sources.Select(source => new Entry(source))];
        (_time, _logger) = (time, logger);
        for (var i = 0; i < _entries.Length; i++)
        {
            var entry = _entries[i];
            if (!ToolSourceNames.IsName(entry.Source.Name))
            {
                throw new ArgumentException($"'{entry.Source.Name}' is not a name for a source of tools. Allowed: {ToolSourceNames.Rule}.", nameof(sources));
            }
            if (_entries.Take(i).Select(other => ToolSourceNames.Overlap(other.Source.Name, entry.Source.Name)).FirstOrDefault(overlap => overlap is not null) is { } overlap)
            {
                throw new ArgumentException(overlap, nameof(sources));
            }
            entry.Source.ToolsMayHaveChanged += (_, _) => entry.IsStale = true;
        }
    }

    /// <summary>After the tools of a source were found, or found to be others. On the thread that asked.</summary>
    public event EventHandler? Changed;

    public IReadOnlyList<ToolSourceState> States => [.. _entries.Select(entry => entry.Shown)];

    public IEnumerable<string> Names => _entries.SelectMany(entry => entry.State.Tools).Select(tool => tool.Name);

    /// <summary>The source that owns a tool of that name, whether it has one or not.</summary>
    public ToolSourceState? OwnerOf(string tool) => EntryOf(tool)?.Shown;

    public IOutsideTool? Find(string tool) => EntryOf(tool)?.State.Tools.FirstOrDefault(known => known.Name == tool);

    /// <summary>Asks every source that was not reached yet, or whose tools may have changed. One that does not answer keeps none of the others.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_entries.Where(entry => entry.IsDue).Select(entry => AskAsync(entry, TimeSpan.Zero, cancellationToken)));

    /// <summary>Asks the source that owns the tool, if that is due and was not done just now.</summary>
    public Task ConnectAsync(string tool, CancellationToken cancellationToken) =>
        EntryOf(tool) is { IsDue: true } entry ? AskAsync(entry, LeastPause, cancellationToken) : Task.CompletedTask;

    /// <summary>For containers that are disposed so; waits as long as <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        await _stop.CancelAsync();
        foreach (var entry in _entries)
        {
            await entry.Source.DisposeAsync();
            entry.Turn.Dispose();
        }
        _stop.Dispose();
    }

    private Entry? EntryOf(string tool) => _entries.FirstOrDefault(entry => ToolSourceNames.Owns(entry.Source.Name, tool));

    private async Task AskAsync(Entry entry, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await entry.Turn.WaitAsync(stop.Token);
        try
        {
            // Somebody else may have asked while this one waited.
            if (!entry.IsDue || (entry.State.Since is { } last && _time.GetUtcNow() - last < pause && !entry.IsStale))
            {
                return;
            }
            entry.IsStale = false;
            var before = entry.State;
            entry.State = After(before, await entry.Source.DiscoverAsync(stop.Token), _time.GetUtcNow());
            Tell(before, entry.State);
        }
        finally
        {
            entry.Turn.Release();
        }
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private static ToolSourceState After(ToolSourceState before, ToolDiscovery discovery, DateTimeOffset now) => discovery switch
    {
        ToolDiscovery.Found found when found.Tools.FirstOrDefault(tool => !ToolSourceNames.Owns(before.Name, tool.Name)) is { } stray =>
            throw new InvalidOperationException($"The source '{before.Name}' calls a tool '{stray.Name}'."),
        ToolDiscovery.Found found => before with { Health = ToolSourceHealth.Reachable, Problem = null, Since = now, Tools = found.Tools },
        ToolDiscovery.Unreachable lost => before with { Health = ToolSourceHealth.Unreachable, Problem = lost.Why, Since = now },
        ToolDiscovery.Invalid wrong => before with { Health = ToolSourceHealth.Invalid, Problem = wrong.Why, Since = now, Tools = [] },
        _ => throw new InvalidOperationException($"Unknown discovery {discovery.GetType().Name}."),
    };

    private void Tell(ToolSourceState before, ToolSourceState now)
    {
        if (now.Health == ToolSourceHealth.Reachable)
        {
            SourceLog.Found(_logger, now.Kind, now.Name, now.Tools.Count);
        }
        else if (before.Health != now.Health || before.Problem != now.Problem)
        {
            SourceLog.NotReached(_logger, now.Kind, now.Name, now.Problem ?? "");
        }
    }

    private sealed class Entry(IToolSource source)
    {
        private volatile ToolSourceState _state = new(source.Name, source.Kind, source.Address, source.IsPinned, ToolSourceHealth.NotAsked, null, null, []);
        private volatile bool _isStale;

        public IToolSource Source => source;

        /// <summary>One question at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public ToolSourceState State
        {
            get => _state;
            set => _state = value;
        }

        public ToolSourceState Shown => _state is { Health: ToolSourceHealth.Reachable } state && source.Trouble is { } trouble
            ? state with { Health = ToolSourceHealth.Unreachable, Problem = trouble }
            : _state;

        public bool IsStale
        {
            get => _isStale;
            set => _isStale = value;
        }

        public bool IsDue => _isStale || Shown.Health != ToolSourceHealth.Reachable;
    }
}

internal static partial class SourceLog
{
    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "The {Kind} source {Source} has {Count} tools")]
    public static partial void Found(ILogger logger, string kind, string source, int count);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Warning, Message = "The {Kind} source {Source} cannot be used: {Problem} Its agents are not started; it is tried again")]
    public static partial void NotReached(ILogger logger, string kind, string source, string problem);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Warning, Message = "The agent {Agent} is not started: {Reason}")]
    public static partial void AgentHeld(ILogger logger, string agent, string reason);

    [LoggerMessage(EventId = 2014, Level = LogLevel.Information, Message = "The agent {Agent} can be started now")]
    public static partial void AgentReleased(ILogger logger, string agent);
}
