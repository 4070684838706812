using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Costs;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>A change of an entry that is on its way into its scopes. It is written before the first of them, so that whoever comes next can finish or undo it.</summary>
/// <param name="Nonce">Names the call that wants it.</param>
/// <param name="Parts">What the entry counts for afterwards.</param>
/// <param name="Limited">A reservation: it is undone when a part has no room.</param>
internal sealed record PendingChange(string Nonce, long Number, LedgerEntry Next, IReadOnlyList<ScopePart> Parts, bool Limited)
{
    /// <summary>It is being undone, because of this.</summary>
    public bool Undone { get; init; }
}

/// <summary>The truth about an entry. What it counts for is in the journals of its scopes, and follows from this.</summary>
internal sealed record EntryRow(string Id)
{
    /// <summary><c>null</c>: it was never reserved.</summary>
    public LedgerEntry? Entry { get; init; }

    public IReadOnlyList<ScopePart> Parts { get; init; } = [];

    /// <summary>Of the last change; rising, never used twice.</summary>
    public long Number { get; init; }

    /// <summary>The call whose reservation this is.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>Its place in the session's list; kept for good.</summary>
    public string? ListKey { get; init; }

    /// <summary>Its row among the reservations that may expire.</summary>
    public string? DueKey { get; init; }

    public PendingChange? Pending { get; init; }

    public static EntryRow Read(string id, TableEntity row) => new(id)
    {
        Entry = row.ContainsKey("Entry") ? StoredJson.Read<LedgerEntry>(row.GetString("Entry")) : null,
        Parts = StoredJson.Read<ScopePart[]>(row.GetString("Parts")),
        Number = row.GetInt64("Number") ?? 0,
        ReservedBy = row.GetString("ReservedBy"),
        ListKey = row.GetString("ListKey"),
        DueKey = row.GetString("DueKey"),
        Pending = row.ContainsKey("Pending") ? StoredJson.Read<PendingChange>(row.GetString("Pending")) : null,
    };

    public TableEntity ToRow()
    {
        var row = new TableEntity(LedgerKeys.EntryPartition(Id), LedgerKeys.EntryRow)
        {
            ["Id"] = Id,
            ["Parts"] = StoredJson.Write(Parts),
            ["Number"] = Number,
        };
        Set(row, "Entry", Entry is null ? null : StoredJson.Write(Entry));
        Set(row, "ReservedBy", ReservedBy);
        Set(row, "ListKey", ListKey);
        Set(row, "DueKey", DueKey);
        Set(row, "Pending", Pending is null ? null : StoredJson.Write(Pending));
        return row;
    }

    private static void Set(TableEntity row, string name, string? value)
    {
        if (value is not null)
        {
            row[name] = value;
        }
    }
}

/// <summary>An entry's row and the state of it that was read.</summary>
internal sealed record StoredEntryRow(EntryRow Row, ETag ETag);
