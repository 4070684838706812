namespace AgentWorkflows.Server.Hosting;

/// <summary>How this program is called by whoever started it, so that the commands it suggests exist.</summary>
internal static class ProgramName
{
    public static string OfProcess() => Of(
        Environment.ProcessPath, Environment.GetCommandLineArgs()[0], Directory.GetCurrentDirectory(), Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <param name="process">The executable; <c>dotnet</c> where an assembly was given to it.</param>
    /// <param name="assembly">The program's assembly.</param>
    /// <param name="searched">The folders where a shell looks, as <c>PATH</c> has them.</param>
    internal static string Of(string? process, string assembly, string directory, string searched)
    {
        if (process is null || Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            return $"dotnet {Quoted(Shortest(assembly, directory))}";
        }
        var name = Path.GetFileName(process);
        return searched.Split(Path.PathSeparator).Any(folder => folder.Length > 0 && Path.Combine(folder, name) == process)
            ? Path.GetFileNameWithoutExtension(process)
            : Quoted(Shortest(process, directory));
    }

    private static string Shortest(string path, string directory)
    {
        var relative = Path.GetRelativePath(directory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) && relative.Length > path.Length ? path
            : relative.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? relative
            : Path.Combine(".", relative);
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
