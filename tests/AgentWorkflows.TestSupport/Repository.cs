namespace AgentWorkflows.TestSupport;

/// <summary>The folder that these tests are built in.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentWorkflows.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository's root was not found above the test's folder.");
        }
        return folder;
    }
}
