using AgentWorkflows.Agents;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Hosting;

/// <summary>Makes a host's sources of tools from what the program and its agents say of them.</summary>
internal sealed class HostToolSources : IAsyncDisposable, IDisposable
{
    public HostToolSources(
        AgentFolders folders, IEnumerable<ToolSourceSettings> added, IEnumerable<IToolSource> own, IEnumerable<IToolSourceFactory> factories, TimeProvider time, ILoggerFactory? logs = null)
    {
        var found = folders.Sources([.. added]);
        Clashes = found.Clashes;
        Sources = new ToolSources([.. own, .. found.Settings.Select(settings => Create(settings, factories))], time, (logs ?? NullLoggerFactory.Instance).CreateLogger<ToolSources>());
    }

    public ToolSources Sources { get; }

    /// <summary>Of the agents' files; the host does not start with one.</summary>
    public IReadOnlyList<AgentProblem> Clashes { get; }

    public void Dispose() => Sources.Dispose();

    public ValueTask DisposeAsync() => Sources.DisposeAsync();

    private static IToolSource Create(ToolSourceSettings settings, IEnumerable<IToolSourceFactory> factories) =>
        factories.Select(factory => factory.Create(settings)).FirstOrDefault(source => source is not null) ?? new NoSource(settings);

    /// <summary>Stands for a kind that nothing in this host can reach.</summary>
    private sealed class NoSource(ToolSourceSettings settings) : IToolSource
    {
        public string Name => settings.Name;

        public string Kind => settings.Kind;

        public string Address => "not reachable from this host";

        public bool IsPinned => false;

        public event EventHandler? ToolsMayHaveChanged
        {
            add { }
            remove { }
        }

        public Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken) =>
            Task.FromResult<ToolDiscovery>(new ToolDiscovery.Invalid($"This host reaches no sources of the kind '{settings.Kind}'. {settings.ToDo}"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
