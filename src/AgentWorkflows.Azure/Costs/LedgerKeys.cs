using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.Azure.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>Where things stand in the ledger's table. Pure.</summary>
internal static class LedgerKeys
{
    /// <summary>Partitions of what is written with every call and belongs to no scope.</summary>
    public const int IndexShards = 4;

    public const string EntryRow = "entry";
    public const string TotalRow = "total";

    /// <summary>Of 1,024 characters that a key may have, with room for what stands around it.</summary>
    private const int MaxKeyLength = 800;

    public static string EntryPartition(string entryId) => TableKey.Of("entry", Short(entryId));

    public static string SessionPartition(string sessionId) => TableKey.Of("session", Short(sessionId));

    public static string ScopePartition(string scope, int shard) => TableKey.Of("scope", Short(scope), shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>A change of an entry in the journal of a scope: there is one of each number at most.</summary>
    public static string Change(string entryId, long number) => TableKey.Of("change", Short(entryId), TableKey.Number(number));

    public static string ListRow(long ticks, string entryId) => TableKey.Of(TableKey.Number(ticks), Short(entryId));

    public static string DuePartition(int shard) => TableKey.Of("due", shard.ToString(CultureInfo.InvariantCulture));

    public static string DayPartition(DateTimeOffset time, int shard) =>
        TableKey.Of("day", time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), shard.ToString(CultureInfo.InvariantCulture));

    public static string TimeRow(DateTimeOffset time, string entryId) => TableKey.Of(TableKey.Number(time.UtcTicks), Short(entryId));

    public static string TimeRow(DateTimeOffset time) => TableKey.Number(time.UtcTicks);

    /// <summary>The same in every process.</summary>
    public static int ShardOf(string entryId, int shards)
    {
        var hash = 2166136261u;
        foreach (var c in entryId)
        {
            hash = (hash ^ c) * 16777619u;
        }
        return (int)((hash ^ (hash >> 15)) % (uint)shards);
    }

    /// <summary>Escaped; what is too long for a key is named by its digest.</summary>
    private static string Short(string text)
    {
        var key = TableKey.Escape(text);
        return key.Length <= MaxKeyLength / 2 ? key : string.Concat(key.AsSpan(0, 100), "~~", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
