using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace RoomDesk.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Run
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Where the packages are, as '.ci/packages' says.</summary>
    public static string Packages => Path.GetFullPath(Built("Packages"));

    /// <summary>From where and to where a project outside of this folder restores; the same as for this one.</summary>
    public static string[] Restore =>
    [
        $"-p:RestoreAdditionalProjectSources={Packages}", $"-p:RestorePackagesPath={Path.GetFullPath(Built("Restored"))}", $"-p:RestoreFallbackFolders={Built("Global")}",
    ];

    public static async Task<(int Code, string Output)> ProgramAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        // What runs these tests says things of itself that are not for the programs that they run.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, string.Concat(await output));
    }

    private static string Built(string key) => typeof(Run).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    public static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var (code, output) = await ProgramAsync("dotnet", folder, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }
}
