using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Testing;

/// <summary>A ledger that crashes its caller before or after a call.</summary>
public sealed class CrashingCostLedger(ICostLedger inner, CrashPoints points) : ICostLedger
{
    public Task<ReserveOutcome> ReserveAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("reserve", () => inner.ReserveAsync(entry, worstCaseMicros, caps, now, cancellationToken));

    public Task<BeginOutcome> BeginAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("begin", () => inner.BeginAsync(entryId, now, cancellationToken));

    public Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("settle", () => inner.SettleAsync(entryId, actual, now, cancellationToken));

    public Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        points.AroundAsync("release", () => inner.ReleaseAsync(entryId, now, cancellationToken));

    public Task<IReadOnlyList<LedgerEntry>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        points.AroundAsync("expire", () => inner.ExpireAsync(now, limit, cancellationToken));

    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        points.AroundAsync("purge", () => inner.PurgeAsync(before, limit, cancellationToken));

    public IAsyncEnumerable<LedgerEntry> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        inner.ReadAsync(from, to, cancellationToken);

    public Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken) => inner.ListAsync(sessionId, cancellationToken);
}
