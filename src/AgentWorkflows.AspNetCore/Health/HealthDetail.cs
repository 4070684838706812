using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Health;

/// <summary>For operators: which breakers of this process are not closed, and since when.</summary>
internal sealed class HealthDetail(ModelHealth models, ToolTraffic tools)
{
    public Task<IResult> Get(HttpContext context)
    {
        BreakerResponse[] breakers =
        [
            .. Of("deployment", models.Calls.Unhealthy),
            .. Of("quality", models.Quality.Unhealthy),
            .. Of("tool", tools.Breakers.Unhealthy),
        ];
        var open = breakers.Any(breaker => breaker.Phase != "closed");
        return Task.FromResult(Results.Json(new HealthResponse(open ? "degraded" : "ok", breakers), ApiJson.Options));
    }

    private static IEnumerable<BreakerResponse> Of(string kind, IReadOnlyDictionary<string, BreakerState> states) =>
        states.OrderBy(state => state.Key, StringComparer.Ordinal).Select(state => new BreakerResponse(
            kind, state.Key,
            state.Value.Phase switch
            {
                BreakerPhase.Closed => "closed",
                BreakerPhase.Open => "open",
                BreakerPhase.HalfOpen => "half_open",
                _ => throw new InvalidOperationException($"Unknown phase {state.Value.Phase}."),
            },
            state.Value.Phase == BreakerPhase.Closed ? state.Value.Count : null,
            state.Value.Phase == BreakerPhase.Closed ? null : state.Value.Since));
}

/// <param name="Status"><c>ok</c>, or <c>degraded</c> when a breaker is not closed.</param>
internal sealed record HealthResponse(string Status, IReadOnlyList<BreakerResponse> Breakers);

/// <param name="Kind"><c>deployment</c>, <c>quality</c> or <c>tool</c>.</param>
/// <param name="Phase"><c>closed</c>, <c>open</c> or <c>half_open</c>.</param>
/// <param name="Failures">In a row, while closed.</param>
internal sealed record BreakerResponse(string Kind, string Name, string Phase, int? Failures, DateTimeOffset? Since);
