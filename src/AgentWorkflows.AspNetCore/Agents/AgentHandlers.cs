using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Guards;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Agents;

/// <summary>What can be started here, and what it can do. Instructions and playbooks stay inside.</summary>
internal sealed class AgentHandlers(IAgentCatalog catalog, ToolTraffic traffic)
{
    public Task<IResult> ListAgents(HttpContext context) => Task.FromResult(Results.Json(
        new AgentListResponse([.. catalog.Agents.OrderBy(agent => agent.Name, StringComparer.Ordinal).Select(ToResponse)]), ApiJson.Options));

    public Task<IResult> ListTools(HttpContext context)
    {
        var breakers = traffic.Breakers.Unhealthy;
        var tools =
            from agent in catalog.Agents
            from tool in agent.Tools
            orderby agent.Name, tool.Name
            select ToResponse(agent.Name, tool) with { Breaker = WordOf(breakers, tool) };
        return Task.FromResult(Results.Json(new ToolListResponse([.. tools]), ApiJson.Options));
    }

    private static string WordOf(IReadOnlyDictionary<string, BreakerState> breakers, ToolContract tool) =>
        SnakeCase.Of(breakers.GetValueOrDefault(tool.Implementation, BreakerState.Healthy).Phase);

    private static AgentResponse ToResponse(AgentDefinition agent) => new(
        agent.Name, agent.Version, agent.Description, agent.RequiredContext, [.. agent.Tools.Where(tool => tool.Offered).Select(tool => tool.Name)],
        new AgentLimits(
            ApiJson.Usd(agent.Limits.MaxCostMicros), agent.Limits.MaxIterations, agent.Limits.MaxToolCalls, agent.Limits.MaxTokens,
            (int)agent.Limits.MaxAge.TotalSeconds, agent.Limits.MaxRetries),
        [.. agent.Approvals.Tiers.Select(SnakeCase.Of)]);

    private static ToolResponse ToResponse(string agent, ToolContract tool) => new(
        agent, tool.Name, tool.Description, tool.Owner, SnakeCase.Of(tool.Tier), tool.Offered, tool.Timeout.TotalSeconds, tool.Retry.MaxAttempts,
        tool.Idempotent, tool.Irreversible, tool.SideEffects, tool.Compensation?.Tool, ApiJson.Usd(tool.CostMicrosPerCall), tool.Parameters);
}

internal sealed record AgentListResponse(IReadOnlyList<AgentResponse> Agents);

internal sealed record AgentResponse(
    string Name, string Version, string Description, IReadOnlyList<string> RequiredContext, IReadOnlyList<string> Tools,
    AgentLimits Limits, IReadOnlyList<string> ApprovalTiers);

internal sealed record AgentLimits(decimal MaxCostUsd, int MaxIterations, int MaxToolCalls, int MaxTokens, int MaxAgeSeconds, int MaxRetries);

internal sealed record ToolListResponse(IReadOnlyList<ToolResponse> Tools);

/// <param name="Compensation">The tool that takes it back.</param>
internal sealed record ToolResponse(
    string Agent, string Name, string Description, string Owner, string Tier, bool Offered, double TimeoutSeconds, int MaxAttempts,
    bool Idempotent, bool Irreversible, IReadOnlyList<string> SideEffects, string? Compensation, decimal CostUsdPerCall, JsonElement Parameters)
{
    /// <summary>This process' circuit breaker: <c>closed</c>, <c>open</c> or <c>half_open</c>.</summary>
    public string? Breaker { get; init; }
}
