using AgentWorkflows.Sqlite;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Where an embedded host keeps everything. Not to be changed once anything in it is open.</summary>
internal sealed class DataFolder(string path)
{
    public const string Default = ".data";
    public const string EngineFile = "engine.db";
    public const string ProductFile = "agentworkflows.db";

    /// <summary>As it was given.</summary>
    public string Path { get; set; } = path;

    public string FullPath => System.IO.Path.GetFullPath(Path);

    public bool HasData => File.Exists(System.IO.Path.Combine(FullPath, ProductFile));

    /// <summary>The folder, which is there then.</summary>
    /// <exception cref="StartupException">It cannot be made.</exception>
    public string Create()
    {
        try
        {
            return Directory.CreateDirectory(FullPath).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{Path}' cannot be used: {e.Message}", e);
        }
    }

    /// <exception cref="StartupException">The file cannot be opened, or is another program's or a newer version's.</exception>
    public ProductDatabase OpenProduct()
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
