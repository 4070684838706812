using System.Diagnostics;

namespace AgentWorkflows.Server.Tests.Environments;

/// <summary>A folder with the sample's agents, in which the shipped program runs as a process of its own.</summary>
internal sealed class Surroundings : IDisposable
{
    /// <summary>Only to end a hang: a start takes about a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-env-");

    public Surroundings()
    {
        Copy(new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "agents")), _folder.CreateSubdirectory("agents"));
        _folder.CreateSubdirectory("data");
        if (!OperatingSystem.IsWindows())
        {
            _folder.UnixFileMode = (UnixFileMode)0b111_111_111;
            new DirectoryInfo(this["data"]).UnixFileMode = (UnixFileMode)0b111_111_111;
        }
    }

    /// <summary>A path in the folder.</summary>
    public string this[string path] => Path.Combine(_folder.FullName, path);

    /// <summary>Runs a line of a shell in the folder, in which <c>$P</c> is the program; as a user without rights where the line begins with <c>$N</c>.</summary>
    public async Task<(int ExitCode, string Text)> RunAsync(string line)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder.FullName };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(line);
        start.Environment["P"] = $"dotnet {typeof(OrderDesk.OrderDeskTools).Assembly.Location}";
        start.Environment["N"] = Environment.UserName == "root" ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "";
        start.Environment["HOME"] = _folder.FullName;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"It hangs: {line}\n{await error}");
        }
        return (process.ExitCode, await output + await error);
    }

    public void Dispose()
    {
        using var rights = Process.Start("chmod", ["-R", "u+rwX", _folder.FullName]);
        rights.WaitForExit();
        _folder.Delete(recursive: true);
    }

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }
        foreach (var folder in from.EnumerateDirectories())
        {
            Copy(folder, to.CreateSubdirectory(folder.Name));
        }
    }
}
