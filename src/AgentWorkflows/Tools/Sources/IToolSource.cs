namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// Where tools come from that are not in the program: a server that is asked for them, a document that describes them. Thread-safe. Owned by <see cref="ToolSources"/>,
/// which asks it before the first session, asks again while it cannot be reached, and disposes it with the host.
/// </summary>
internal interface IToolSource : IAsyncDisposable
{
    /// <summary>See <see cref="ToolSourceNames"/>. Every tool of the source is called that, or that and more behind an underscore.</summary>
    string Name { get; }

    /// <summary>For people, such as <c>mcp</c>.</summary>
    string Kind { get; }

    /// <summary>Where it is, for people: an address or a command, without secrets.</summary>
    string Address { get; }

    /// <summary>True where somebody else can change what a tool is between two calls: its definition has then to be the one that was reviewed.</summary>
    bool IsPinned { get; }

    /// <summary>What is wrong with it since it was found; <c>null</c> when nothing is known to be.</summary>
    string? Trouble => null;

    /// <summary>The tools may be others than before: they are asked for again.</summary>
    event EventHandler? ToolsMayHaveChanged;

    /// <summary>Asks for its tools. Bounded in time and size by the source. Throws nothing but the host's own stop.</summary>
    Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken);
}

/// <summary>What came of asking a source for its tools.</summary>
internal abstract record ToolDiscovery
{
    public sealed record Found(IReadOnlyList<IOutsideTool> Tools) : ToolDiscovery;

    /// <summary>It may help to ask again later.</summary>
    /// <param name="Why">For people; no secrets.</param>
    public sealed record Unreachable(string Why) : ToolDiscovery;

    /// <summary>It answered what cannot be used, such as two tools of one name. It is asked again, because somebody may mend it.</summary>
    public sealed record Invalid(string Why) : ToolDiscovery;
}

/// <summary>Makes the sources of one kind from what <c>agent.yaml</c> or the builder says of them.</summary>
internal interface IToolSourceFactory
{
    /// <returns><c>null</c> when these settings are of another kind.</returns>
    IToolSource? Create(ToolSourceSettings settings);
}
