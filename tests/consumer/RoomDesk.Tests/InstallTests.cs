using System.Text.RegularExpressions;
using Xunit;

namespace RoomDesk.Tests;

/// <summary>The .NET tool and the templates, installed from the packages, outside of any repository.</summary>
public sealed partial class InstallTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-install-");

    [Fact]
    public async Task The_tool_installs_and_runs()
    {
        var tools = Path.Combine(_folder.FullName, "tools");
        await Run.DotnetAsync(_folder.FullName, "tool", "install", "AgentWorkflows.Tool", "--tool-path", tools, "--add-source", Run.Packages);
        var program = Directory.EnumerateFiles(tools, "agentworkflows*").Single();

        var (code, version) = await Run.ProgramAsync(program, _folder.FullName, "--version");
        Assert.True(code == 0 && VersionNumber().IsMatch(version), version);

        var (valid, problems) = await Run.ProgramAsync(program, _folder.FullName, "validate", Path.Combine(AppContext.BaseDirectory, "agents"));
        // Its tools are written in C#, which this program does not have: each is named.
        Assert.Equal(1, valid);
        Assert.Contains("book_room", problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_makes_a_program_that_runs()
    {
        var hive = Path.Combine(_folder.FullName, "hive");
        var package = Directory.EnumerateFiles(Run.Packages, "AgentWorkflows.Templates.*.nupkg").Single();
        await Run.DotnetAsync(_folder.FullName, "new", "install", package, "--debug:custom-hive", hive);
        await Run.DotnetAsync(_folder.FullName, "new", "agentworkflows", "-o", "Journal", "--debug:custom-hive", hive);
        var program = Path.Combine(_folder.FullName, "Journal");

        await Run.DotnetAsync(program, ["build", "-nodeReuse:false", .. Run.Restore]);
        var said = await Run.DotnetAsync(program, "run", "--no-build", "--", "run", "Write down that it rained", "--approve", "auto");

        Assert.Contains("it rained", said, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(program, ".data", "diary")));
        Assert.Contains("namespace Journal;", await File.ReadAllTextAsync(Path.Combine(program, "Diary.cs")), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"^\D*\d+\.\d+\.\d+")]
    private static partial Regex VersionNumber();
}
