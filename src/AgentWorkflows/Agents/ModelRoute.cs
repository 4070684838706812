using System.Text.Json.Serialization;

namespace AgentWorkflows.Agents;

/// <summary>Which deployment answers for a purpose.</summary>
internal sealed record ModelRoute
{
    /// <summary>A deployment of the provider, or <c>offline-playbook</c>. <c>default</c> takes the one configured for the host, or the playbook when there is none.</summary>
    public string Deployment { get; init; } = "default";

    /// <summary>Asked when <see cref="Deployment"/> fails, is refused by its breaker, or answers nothing of use twice. Default: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>Of <c>plan</c> only: plans sessions whose goal is judged simple. Default: none, and no goal is judged.</summary>
    public string? Simple { get; init; }

    /// <summary>What a request and its answer may have together; older turns are summarized to fit. Default 100,000, 1,000 to 2,000,000.</summary>
    public int WindowTokens { get; init; } = 100_000;

    /// <summary>Identical requests at temperature 0 are answered from memory. Default: no.</summary>
    public bool Cache { get; init; }

    /// <summary>1 to 100,000; default 1,000.</summary>
    public int MaxOutputTokens { get; init; } = 1000;

    /// <summary>Of one call, from request to whole answer: 1 second to 10 minutes. <c>null</c>: 100 s.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>0 to 2; default 0. <c>null</c>: none is sent, for models that refuse it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? Temperature { get; init; } = 0;
}
