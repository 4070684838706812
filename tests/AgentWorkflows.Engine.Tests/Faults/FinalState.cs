using System.Text.RegularExpressions;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>What a database holds at the end, in words that two runs of one scenario share.</summary>
internal static partial class FinalState
{
    public static IReadOnlyDictionary<string, string> Read(string database)
    {
        using var store = new SqliteStore(database);
        var rows = store.Query(new OrchestrationQuery { PageSize = OrchestrationQuery.MaxPageSize }, null);
        return rows.GroupBy(row => Neutral(row.Id))
            .ToDictionary(same => same.Key, same => string.Join('\n', same.Select(row => Describe(store, row)).Order(StringComparer.Ordinal)));
    }

    /// <summary>True when an instance had not ended.</summary>
    public static bool IsOpen(string state) => state.Split('\n').Any(line => line.StartsWith("open ", StringComparison.Ordinal));

    private static string Describe(SqliteStore store, InstanceRow row)
    {
        // How the history was cut into turns, and in which order results that were under way together arrived, is not part of the outcome.
        var events = EffectiveHistory.Of(store.Load(row.Id)!.History).Where(e => e is not TurnStarted)
            // What still arrived before an end from outside is chance.
            .Where(e => !(row.Diverged || row.Status == OrchestrationStatus.Terminated) || e is ExecutionStarted or TaskScheduled)
            .Select(e => HistoryView.ToEntry(e, 0, default))
            .Select(entry => Neutral($"{entry.Kind} {entry.Name} {entry.TaskId} {entry.Payload} {entry.Failure?.ErrorType}")).Order(StringComparer.Ordinal);
        var state = row.Status.IsTerminal() ? row.Status.ToString() : "open";
        return Neutral($"{state} {row.Version} {row.CustomStatus} {row.Failure?.ErrorType}: {string.Join(" | ", events)}");
    }

    public static string Neutral(string text) => Times().Replace(Guids().Replace(Prefix().Replace(text, ""), "<id>"), "<time>");

    [GeneratedRegex("conf-[0-9a-f]{32}-")]
    private static partial Regex Prefix();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")]
    private static partial Regex Guids();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+]00:00)?")]
    private static partial Regex Times();
}
