using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>Entries for tests, and how a scope's total is seen through the port.</summary>
internal static class LedgerFacts
{
    public static CostCap Cap(string scope, Micros limitMicros) => new(scope, limitMicros);

    public static CostEntry Entry(string id, string sessionId = "s-1") => new(id, sessionId, 1, CostKind.Model, "gpt-test")
    {
        Agent = "order-desk",
        UserId = "u-1",
        TaskType = "refund",
        Purpose = "plan",
    };

    /// <summary>What is settled and reserved in a scope: an impossible reservation is refused with it, and changes nothing.</summary>
    public static async Task<Micros> UsedAsync(ICostLedger ledger, string scope)
    {
        var outcome = await ledger.ReserveAsync(Entry($"probe/{scope}", "probe"), 1, [new CostCap(scope, -1)], DateTimeOffset.UnixEpoch, CancellationToken.None);
        return Assert.IsType<ReserveOutcome.Refused>(outcome).UsedMicros;
    }

    /// <summary>What entries count for in the scopes they were reserved in.</summary>
    public static Micros Total(IEnumerable<LedgerEntry> entries) => entries.Sum(EntryRules.CountsFor);
}
