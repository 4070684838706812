using System.Security.Cryptography;
using AgentWorkflows.Approvals.Links;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The keys that sign approval links: configured, or made once and kept in the data folder, so that links work on one machine with nothing to set up.</summary>
internal static class ApprovalKeys
{
    public const string Setting = "APPROVAL_KEYS";
    private const string FileName = "approval-keys";

    /// <param name="configured">What <c>AGENTWORKFLOWS_APPROVAL_KEYS</c> says; <c>null</c> when it is not set.</param>
    /// <exception cref="StartupException">The keys cannot be read.</exception>
    public static ApprovalKeyRing Open(string? configured, string dataDirectory)
    {
        if (configured is { Length: > 0 })
        {
            return Parse(configured, Configuration.EnvironmentPrefix + Setting);
        }
        var path = Path.Combine(dataDirectory, FileName);
        try
        {
            Create(path);
            return Parse(File.ReadAllText(path).Trim(), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The keys that sign approval links cannot be kept in '{path}': {e.Message}", e);
        }
    }

    /// <summary>Readable by this user only, and whole or not at all: two processes that start at once use the same keys.</summary>
    private static void Create(string path)
    {
        if (File.Exists(path))
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
