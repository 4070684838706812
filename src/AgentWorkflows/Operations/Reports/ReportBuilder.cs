using AgentWorkflows.Costs;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

/// <summary>Adds up a day's entries and sessions, in any order. Its memory grows with the number of users and task types, not of calls. Not thread-safe.</summary>
internal sealed class ReportBuilder(DateOnly date, string? userId, ReportOptions options)
{
    private readonly Micros[] _byHour = new Micros[24];
    private readonly Dictionary<string, int> _byStatus = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly SpendTable _taskTypes = new();
    private readonly SpendTable _agents = new();
    private readonly SpendTable _users = new();
    private readonly SpendTable _models = new();
    private readonly SpendTable _purposes = new();
    private SpendTotals _spend = new(0, 0, 0, 0, 0);
    private Micros _knownReserved;
    private Micros _knownCost;
    private int _sessions;
    private int _succeeded;

    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (userId is not null && entry.Entry.UserId != userId)
        {
            return;
        }
        if (entry.Expired)
        {
            _spend = _spend with { ExpiredReservations = _spend.ExpiredReservations + 1 };
        }
        if (entry.Status == LedgerEntryStatus.Reserved)
        {
            _spend = _spend with { HeldMicros = _spend.HeldMicros + entry.ReservedMicros };
        }
        if (entry is not { Status: LedgerEntryStatus.Settled, Actual: { } actual })
        {
            return;
        }
        _spend = _spend with
        {
            CostMicros = _spend.CostMicros + entry.CostMicros,
            InDoubtMicros = _spend.InDoubtMicros + (actual.InDoubt ? entry.CostMicros : 0),
            Calls = _spend.Calls + 1,
            InputTokens = _spend.InputTokens + actual.InputTokens,
            CachedInputTokens = _spend.CachedInputTokens + actual.CachedInputTokens,
            OutputTokens = _spend.OutputTokens + actual.OutputTokens,
        };
        if (entry.Entry.Kind == CostKind.Model && !actual.InDoubt)
        {
            (_knownReserved, _knownCost) = (_knownReserved + entry.ReservedMicros, _knownCost + entry.CostMicros);
        }
        _byHour[entry.ReservedAt.UtcDateTime.Hour] += entry.CostMicros;
        _taskTypes.Add(entry.Entry.TaskType, entry);
        _agents.Add(entry.Entry.Agent, entry);
        _users.Add(entry.Entry.UserId, entry);
        _models.Add(entry.Entry.Subject, entry);
        // A tool's purpose is its step's id: thousands of them would say nothing.
        _purposes.Add(entry.Entry.Kind == CostKind.Tool ? "tool" : entry.Entry.Purpose, entry);
    }

    public void Add(SessionRecord session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var succeeded = session.Progress.Status == SessionStatus.Completed;
        _sessions++;
        _succeeded += succeeded ? 1 : 0;
        Count(_byStatus, session.ShownStatus.ToString());
        if (session.Progress.Failure is { } failure)
        {
            Count(_failures, failure.Category.ToString());
        }
        _taskTypes.Add(session.TaskType, succeeded);
        _agents.Add(session.Agent, succeeded);
        _users.Add(session.UserId, succeeded);
    }

    public DailyReport Build(DateTimeOffset now) => new()
    {
        Date = date,
        UserId = userId,
        Complete = DateOnly.FromDateTime(now.UtcDateTime) > date,
        Spend = _spend with { HoldRatio = _knownCost == 0 ? null : Math.Round(_knownReserved.Usd / _knownCost.Usd, 2) },
        SpendByHour = [.. _byHour],
        SessionsStarted = _sessions,
        SessionsSucceeded = _succeeded,
        SessionsByStatus = new SortedDictionary<string, int>(_byStatus, StringComparer.Ordinal),
        FailuresByCategory = new SortedDictionary<string, int>(_failures, StringComparer.Ordinal),
        ByTaskType = _taskTypes.Groups(options.MaxGroups),
        ByAgent = _agents.Groups(options.MaxGroups),
        ByUser = _users.Groups(options.MaxGroups),
        ByModel = _models.Groups(options.MaxGroups),
        ByPurpose = _purposes.Groups(options.MaxGroups),
        Return = new ReturnOnSpend(options.HumanMicrosPerTask, options.HumanMicrosPerTask * _succeeded, _spend.CostMicros),
    };

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
