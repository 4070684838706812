using AgentWorkflows.Costs;

namespace AgentWorkflows.Agents;

/// <summary>What came of loading a folder of agents: all of them, or every problem at once. A folder with one bad agent loads none.</summary>
internal abstract record AgentLoadResult
{
    public sealed record Loaded(IReadOnlyList<AgentDefinition> Agents) : AgentLoadResult
    {
        /// <summary>The agents have the prices of the sheet that is in force; with these a catalog follows the days.</summary>
        public PriceSheets Prices { get; init; } = new([]);

        /// <summary>Not among the agents.</summary>
        public IReadOnlyList<HeldAgent> Held { get; init; } = [];
    }

    public sealed record Invalid(IReadOnlyList<AgentProblem> Problems) : AgentLoadResult;
}

/// <param name="File">With forward slashes, from the agents folder on, such as <c>agents/order-desk/agent.yaml</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Key">Such as <c>tools.issue_refund.tier</c>; empty when the whole file is meant.</param>
internal sealed record AgentProblem(string File, int Line, string Key, string Message)
{
    /// <summary><c>agents/order-desk/agent.yaml:31: tools.issue_refund.tier: …</c>.</summary>
    public override string ToString() => Key.Length == 0 ? $"{File}:{Line}: {Message}" : $"{File}:{Line}: {Key}: {Message}";
}
