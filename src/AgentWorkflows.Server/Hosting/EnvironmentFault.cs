using System.Net.Sockets;
using System.Security.Cryptography;
using AgentWorkflows.Engine;
using AgentWorkflows.Engine.Storage;
using AgentWorkflows.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Server.Hosting;

/// <summary>What the machine refuses is no fault of the program: files, disks, rights, addresses. Told as a sentence with what to do.</summary>
internal static class EnvironmentFault
{
    /// <summary>SQLite's primary codes that speak of the file or the disk; the others speak of our statements.</summary>
    private static readonly int[] OfTheFile = [3, 5, 6, 8, 10, 11, 13, 14, 23, 26];

    /// <returns><c>null</c>: something else, which may be a bug.</returns>
    public static string? Tell(Exception exception) => exception switch
    {
        StartupException or EngineStorageException or DatabaseVersionException or NewerDatabaseException => exception.Message,
        SqliteException sqlite when OfTheFile.Contains(sqlite.SqliteErrorCode) => $"A database could not be used: {Sentence(sqlite.Message)}{StorageAdvice.For(sqlite.SqliteErrorCode)}",
        UnauthorizedAccessException => $"{Sentence(exception.Message)} The user '{Environment.UserName}' has not the right to do this: change the owner or the rights, or run the program as another user.",
        SocketException or CryptographicException => Sentence(exception.Message),
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => Sentence(exception.Message),
        IOException => $"{Sentence(exception.Message)} Check the place, its rights and the room on its disk.",
        AggregateException { InnerExceptions: [var only] } => Tell(only),
        _ => null,
    };

    private static string Sentence(string text) => text.TrimEnd() is var trimmed && trimmed.EndsWith('.') ? trimmed : trimmed + ".";
}
