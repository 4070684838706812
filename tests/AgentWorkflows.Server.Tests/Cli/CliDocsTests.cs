using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary><c>docs/cli.md</c> is written by running the commands: set <c>AGENTWORKFLOWS_WRITE_DOCS=1</c> and run this class. Without it the page is checked.</summary>
public sealed class CliDocsTests
{
    private const int Timeout = 300_000;
    private const string Switch = "AGENTWORKFLOWS_WRITE_DOCS";

    private static string Page => Path.Combine(Repository.Root, "docs", "cli.md");

    [Fact(Timeout = Timeout)]
    public async Task The_page_has_the_help_of_every_command_as_it_is_and_a_run_of_each()
    {
        if (Environment.GetEnvironmentVariable(Switch) is { Length: > 0 })
        {
            await File.WriteAllTextAsync(Page, await CliDocs.WriteAsync());
        }
        var page = (await File.ReadAllTextAsync(Page)).ReplaceLineEndings("\n");
        foreach (var command in await CliDocs.CommandsAsync())
        {
            var help = (await Shell.RunAsync(80, command, "--help")).Output.TrimEnd();
            Assert.True(page.Contains(help, StringComparison.Ordinal),
                $"docs/cli.md does not have the help of '{command}' as it is. Write the page anew: {Switch}=1 dotnet test tests/AgentWorkflows.Server.Tests --filter CliDocs");
            Assert.True(page.Contains($"\n$ agentworkflows {command}", StringComparison.Ordinal) || command == "completion", $"docs/cli.md shows no run of '{command}'.");
        }
    }
}
