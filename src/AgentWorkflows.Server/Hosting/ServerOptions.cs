namespace AgentWorkflows.Server.Hosting;

/// <summary>What the command line says of how the program runs.</summary>
internal sealed record ServerOptions
{
    public const string DefaultUrl = "http://localhost:7071";

    /// <summary>How long requests and steps that run may take to end when the server stops.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    public required string DataDirectory { get; init; }

    /// <summary><c>null</c>: as the program says.</summary>
    public string? AgentsDirectory { get; init; }

    public bool JsonLogs { get; init; }

    /// <summary>The least that is logged; <c>null</c>: as the program's configuration says.</summary>
    public LogLevel? LogLevel { get; init; }
}
