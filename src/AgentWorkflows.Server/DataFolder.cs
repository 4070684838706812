using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Sqlite;

namespace AgentWorkflows.Server;

/// <summary>Where an embedded host keeps everything. A tool may keep its files there too.</summary>
public sealed class DataFolder
{
    internal const string Default = ".data";
    internal const string EngineFile = "engine.db";
    internal const string ProductFile = "agentworkflows.db";

    internal DataFolder(string path) => Path = path;

    /// <summary>As it was given.</summary>
    public string Path { get; internal set; }

    public string FullPath => System.IO.Path.GetFullPath(Path);

    internal bool HasData => File.Exists(System.IO.Path.Combine(FullPath, ProductFile));

    /// <summary>The folder, which is there then.</summary>
    /// <exception cref="StartupException">It cannot be made.</exception>
    internal string Create()
    {
        try
        {
            // What people ask and answer is in it: nobody else on this machine reads it. A folder that was there keeps its rights.
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(FullPath).FullName
                : Directory.CreateDirectory(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{Path}' cannot be used: {e.Message}", e);
        }
    }

    /// <exception cref="StartupException">The file cannot be opened, or is another program's or a newer version's.</exception>
    internal ProductDatabase OpenProduct()
    {
        try
        {
            return ProductDatabase.Open(System.IO.Path.Combine(Create(), ProductFile));
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or NewerDatabaseException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{Path}' cannot be used: {e.Message}", e);
        }
    }
}
