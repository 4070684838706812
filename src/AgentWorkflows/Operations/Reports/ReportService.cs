using System.Runtime.CompilerServices;
using AgentWorkflows.Costs;
using AgentWorkflows.Record;

namespace AgentWorkflows.Operations.Reports;

/// <summary>Reports from the ledger and the session store, made when they are asked for. Thread-safe.</summary>
internal sealed class ReportService(ICostLedger ledger, ISessionStore sessions, TimeProvider time, ReportOptions options)
{
    private const int SessionPage = 500;

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <param name="userId">Only this user's; <c>null</c>: everybody's.</param>
    public async Task<DailyReport> DailyAsync(DateOnly date, string? userId, CancellationToken cancellationToken)
    {
        var report = new ReportBuilder(date, userId, options);
        await foreach (var entry in EntriesAsync(date, null, cancellationToken))
        {
            report.Add(entry);
        }
        await foreach (var session in SessionsAsync(date, userId, cancellationToken))
        {
            report.Add(session);
        }
        return report.Build(time.GetUtcNow());
    }

    /// <summary>The day's ledger entries, for export.</summary>
    public async IAsyncEnumerable<LedgerEntry> EntriesAsync(DateOnly date, string? userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Day(date);
        await foreach (var entry in ledger.ReadAsync(from, to, cancellationToken))
        {
            if (userId is null || entry.Entry.UserId == userId)
            {
                yield return entry;
            }
        }
    }

    private async IAsyncEnumerable<SessionRecord> SessionsAsync(DateOnly date, string? userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Day(date);
        string? cursor = null;
        do
        {
            var page = await sessions.ListAsync(new SessionQuery { UserId = userId, PageSize = SessionPage, Cursor = cursor }, cancellationToken);
            foreach (var session in page.Sessions)
            {
                if (session.CreatedAt < from)
                {
                    // Newest first: what follows is older.
                    yield break;
                }
                if (session.CreatedAt < to)
                {
                    yield return session;
                }
            }
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private static (DateTimeOffset From, DateTimeOffset To) Day(DateOnly date)
    {
        var from = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        return (from, from.AddDays(1));
    }
}
