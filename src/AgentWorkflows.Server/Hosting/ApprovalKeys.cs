using System.Security.Cryptography;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Approvals.Links;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The keys that sign approval links: made once and kept in the data folder where none are configured, so that links work on one machine with nothing to set up.</summary>
internal static class ApprovalKeys
{
    private const string FileName = "approval-keys";
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="StartupException">The keys cannot be read.</exception>
    public static ApprovalKeyRing Open(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        try
        {
            Create(path);
            return FileText.Of(path, MaxBytes) switch
            {
                FileText.Read read => Parse(read.Text.Trim(), path),
                FileText.Unreadable unreadable => throw new StartupException($"{path}: {unreadable.Problem} It has the keys that sign approval links."),
                var other => throw new InvalidOperationException($"Unknown text {other.GetType().Name}."),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The keys that sign approval links cannot be kept in '{path}': {e.Message}", e);
        }
    }

    /// <summary>Readable by this user only, and whole or not at all: two processes that start at once use the same keys.</summary>
    private static void Create(string path)
    {
        if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            return;
        }
        var temporary = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var writer = new StreamWriter(temporary, options))
        {
            writer.WriteLine("local:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(ApprovalKeyRing.MinSecretBytes)));
        }
        try
        {
            File.Move(temporary, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    private static ApprovalKeyRing Parse(string text, string where)
    {
        var (ring, problem) = ApprovalKeyRing.Parse(text);
        return ring ?? throw new StartupException($"{where}: {problem}");
    }
}
