using System.Diagnostics;

namespace AgentWorkflows.Engine.Tests;

/// <summary>Real processes and a real SIGKILL, run by the benchmark program.</summary>
public class KilledProcessTests
{
    [Fact(Timeout = 300_000)]
    public async Task FiftyKills_With200SessionsInFlight_LoseNothing_AndRepeatOnlyWhatWasInFlight()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Program(), "engine", "--kills", "50" })
        {
            start.ArgumentList.Add(argument);
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{output}\n{await errors}");
        Assert.StartsWith("50 kills with 200 sessions in flight", output, StringComparison.Ordinal);
    }

    /// <summary>Beside these tests, built in the same configuration.</summary>
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "bench", "AgentWorkflows.Benchmarks", "bin", output.Parent.Name, output.Name, "AgentWorkflows.Benchmarks.dll");
    }
}
