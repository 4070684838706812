using SQLitePCL;

namespace AgentWorkflows.Engine.Storage;

/// <summary>What a person can do about a database that failed.</summary>
internal static class StorageAdvice
{
    public static string For(int extendedResult) => (extendedResult & 0xFF) switch
    {
        raw.SQLITE_FULL => " The disk is full: make room. Nothing that was confirmed is lost, and what waits is tried again.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => " The file may not be written: check the rights of the file and of its folder.",
        raw.SQLITE_CANTOPEN => " Check that the folder exists and that this process may read and write it.",
        raw.SQLITE_CORRUPT => " The file is damaged. Stop the program, verify the file with the command 'check-store' and restore a backup.",
        raw.SQLITE_NOTADB => " The file is not a SQLite database: choose another path.",
        raw.SQLITE_IOERR => " The disk failed: check it, and its quota. Nothing that was confirmed is lost, and what waits is tried again.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => " Another program holds the file: close it.",
        _ => "",
    };
}
