using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>Micro-USD per million tokens: 2.50 USD per million is 2,500,000. All more than zero, except that cached input may equal input.</summary>
internal sealed record ModelPrice
{
    public required Micros InputMicrosPerMillion { get; init; }

    public required Micros CachedInputMicrosPerMillion { get; init; }

    public required Micros OutputMicrosPerMillion { get; init; }

    public Micros MicrosPerCall { get; init; }

    /// <summary>Which price sheet this came from; kept on cost entries.</summary>
    public required string SheetVersion { get; init; }
}
