namespace AgentWorkflows.TestSupport;

/// <summary>The Functions app as it is deployed: the folder that the build of a test project with Published.targets has filled.</summary>
public static class PublishedApp
{
    public const string Worker = "NoteDesk.dll";

    /// <exception cref="InvalidOperationException">It was not published.</exception>
    public static string Folder
    {
        get
        {
            for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                var published = Path.Combine(folder, "artifacts", "published", "functions");
                if (File.Exists(Path.Combine(published, Worker)))
                {
                    return published;
                }
            }
            throw new InvalidOperationException("The Functions app is not published: build this test project, not only the program it tests.");
        }
    }
}
