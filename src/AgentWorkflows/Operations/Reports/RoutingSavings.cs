using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

/// <param name="DearestModel">Of the models that the agent's purposes are routed to.</param>
/// <param name="BaselineMicros">What the same tokens would have cost there, with nothing answered from the cache.</param>
/// <param name="SavedMicros">Baseline less what was paid.</param>
/// <param name="CacheHits">Answers that cost nothing.</param>
internal sealed record Savings(string DearestModel, Micros BaselineMicros, Micros SavedMicros, int CacheHits);

/// <summary>What routing and the answer cache saved a session, against everything on the dearest of its models. Pure.</summary>
internal static class RoutingSavings
{
    /// <returns><c>null</c> when none of the models has a price.</returns>
    public static Savings? Of(IReadOnlyList<LedgerEntry> entries, AgentDefinition agent, Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(resolve);
        var models = agent.Models.Values.Select(route => resolve(route.Deployment)).Distinct(StringComparer.Ordinal)
            .Where(model => Pricing.Find(agent.Prices, model) is not null).ToList();
        // In-doubt entries have no tokens to compare.
        var calls = entries.Where(entry => entry is { Entry.Kind: CostKind.Model, Status: LedgerEntryStatus.Settled, Actual.InDoubt: false }).ToList();
        if (models.Count == 0)
        {
            return null;
        }
        var (dearest, baseline) = models
            .Select(model => (Model: model, Cost: calls.Sum(call => Pricing.Cost(Pricing.Find(agent.Prices, model)!, UsageOf(call.Actual!)))))
            .OrderByDescending(option => option.Cost).ThenBy(option => option.Model, StringComparer.Ordinal).First();
        return new Savings(dearest, baseline, baseline - calls.Sum(call => call.CostMicros),
            calls.Count(call => call.Entry.Purpose.EndsWith(ModelCalls.CachedSuffix, StringComparison.Ordinal)));
    }

    private static ChatUsage UsageOf(CostActual actual) => new(actual.InputTokens, actual.CachedInputTokens, actual.OutputTokens);
}
