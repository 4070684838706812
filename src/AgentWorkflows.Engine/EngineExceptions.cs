using System.Globalization;

namespace AgentWorkflows.Engine;

/// <summary>The process that has a database open.</summary>
public sealed record DatabaseOwner(int ProcessId, string Machine, DateTimeOffset Since);

/// <summary>One process owns a database file; this is what a second one gets.</summary>
public sealed class DatabaseInUseException(string databasePath, DatabaseOwner? owner, Exception? innerException = null)
    : Exception(Describe(databasePath, owner), innerException)
{
    /// <summary><c>null</c> when the owner has not said who it is yet.</summary>
    public DatabaseOwner? Owner { get; } = owner;

    private static string Describe(string path, DatabaseOwner? owner)
    {
        var by = owner is null
            ? "another process"
            : string.Create(CultureInfo.InvariantCulture, $"process {owner.ProcessId} on {owner.Machine} since {owner.Since:u}");
        return $"The database '{path}' is in use by {by}. Stop that process, or choose another database.";
    }
}

/// <summary>The database was written by a newer version of the engine. Nothing was changed.</summary>
public sealed class DatabaseVersionException(string databasePath, int found, int supported)
    : Exception($"The database '{databasePath}' has schema {found}; this version reads up to schema {supported}. Use the newer version that wrote it.")
{
    public int Found { get; } = found;

    public int Supported { get; } = supported;
}

/// <summary>The database could not be read or written. What the failed call asked for may or may not be recorded; ask again.</summary>
/// <param name="resultCode">SQLite's extended result code.</param>
public sealed class EngineStorageException(string message, int resultCode, Exception? innerException = null) : Exception(message, innerException)
{
    public int ResultCode { get; } = resultCode;
}
