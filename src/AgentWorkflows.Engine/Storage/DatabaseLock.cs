using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Storage;

/// <summary>
/// One process owns a database. The operating system holds the lock for the open file, so it is gone with the process, however that ends.
/// Who owns it stands in a file beside, for the message of whoever comes second.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _ownerPath;

    private DatabaseLock(FileStream held, string ownerPath) => (_lock, _ownerPath) = (held, ownerPath);

    /// <exception cref="DatabaseInUseException">Another engine, in this process or another, has the database.</exception>
    public static DatabaseLock Take(string databasePath, DateTimeOffset now)
    {
        var lockPath = databasePath + ".lock";
        var ownerPath = databasePath + ".owner";
        FileStream held;
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new DatabaseInUseException(databasePath, ReadOwner(ownerPath), e);
        }
        var owner = new DatabaseOwner(Environment.ProcessId, Environment.MachineName, now);
        File.WriteAllText(ownerPath, JsonSerializer.Serialize(owner, DurableJson.Options));
        return new DatabaseLock(held, ownerPath);
    }

    public void Dispose()
    {
        // The lock file stays: deleting it would let two processes lock two files of one name.
        File.Delete(_ownerPath);
        _lock.Dispose();
    }

    private static DatabaseOwner? ReadOwner(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DatabaseOwner>(File.ReadAllText(path), DurableJson.Options);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
