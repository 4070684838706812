using System.Diagnostics;
using System.Text.RegularExpressions;
using AgentWorkflows.TestSupport;
using Xunit;

namespace FirstTool.Tests;

/// <summary>The smallest program, as its user runs it, and docs/first-tool.md, which builds it up.</summary>
public sealed partial class FirstToolTests : IDisposable
{
    private static readonly string Sample = Path.Combine(Repository.Root, "samples", "FirstTool");

    /// <summary>Where it was built, in the configuration of these tests.</summary>
    private static readonly string Program = Path.Combine(
        Sample, Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "FirstTool.Tests"), AppContext.BaseDirectory), "FirstTool.dll");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-first-tool-");

    [Fact(Timeout = 120_000)]
    public async Task ASession_WritesAnEntry_AndARollbackTakesItBack()
    {
        var said = await RunAsync("run", "Write down that it rained", "--approve", "auto");

        Assert.Contains("It is in the diary: \"it rained\"", said, StringComparison.Ordinal);
        Assert.Equal("it rained", await File.ReadAllTextAsync(Assert.Single(Entries())));

        await RunAsync("rollback", Session().Match(said).Value);
        Assert.Empty(Entries());
    }

    [Theory]
    [InlineData("Program.cs")]
    [InlineData("Diary.cs")]
    [InlineData("agents/diary/agent.yaml")]
    [InlineData("agents/diary/playbook.yaml")]
    [InlineData("agents/prices.yaml")]
    public async Task TheDocs_HaveTheSamplesFiles_WordForWord(string file)
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "first-tool.md"));

        Assert.Contains($"`{file}`", docs, StringComparison.Ordinal);
        Assert.Contains($"\n{(await File.ReadAllTextAsync(Path.Combine(Sample, file))).TrimEnd()}\n```\n", docs, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Entries() => Directory.GetFiles(Path.Combine(_folder.FullName, ".data", "diary"));

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    [GeneratedRegex("s-[a-z0-9]+")]
    private static partial Regex Session();
}
