using System.Text.Json;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Cli.Help;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>Help, the version, and what wrong usage is told.</summary>
public sealed class UsageTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData("sessions --limit x", "--limit: 'x' is not a whole number from 1 to 500.")]
    [InlineData("sessions --limit 501", "--limit: '501' is not a whole number from 1 to 500.")]
    [InlineData("sessions --status foo", "--status: 'foo' is not one of Pending, Running, AwaitingApproval")]
    [InlineData("sessions --status 3", "--status: '3' is not one of")]
    [InlineData("sessions --url nonsense", "--url must be an address such as")]
    [InlineData("fork s-1 --turn 1.5", "--turn: '1.5' is not a whole number from 0 on.")]
    [InlineData("fork s-1", "Option '--turn' is required.")]
    [InlineData("schema cat", "There is no schema 'cat'. There are: agent, tool, playbook, prices, eval.")]
    [InlineData("completion ksh", "Must be one of: 'bash' 'zsh' 'fish' 'pwsh'")]
    [InlineData("serv", "Did you mean: agentworkflows serve")]
    [InlineData("show", "Required argument missing for command: 'show'.")]
    [InlineData("run goal --approve maybe", "Must be one of: 'ask' 'auto' 'deny'")]
    [InlineData("run", "Give either a goal or --resume ID.")]
    [InlineData("sessions --nonsense", "Unrecognized command or argument '--nonsense'.")]
    public async Task Wrong_usage_says_what_is_allowed_and_where_help_is(string line, string expected)
    {
        var ran = await Shell.RunAsync(80, line.Split(' '));

        Assert.Equal((ExitCodes.Usage, ""), (ran.ExitCode, ran.Output));
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
        Assert.Contains("--help", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task With_json_errors_are_json_too()
    {
        var ran = await Shell.RunAsync(80, "sessions", "--json", "--limit", "0");

        Assert.All(ran.Error.TrimEnd().Split('\n'), line => Assert.NotEmpty(JsonElement.Parse(line).GetProperty("error").GetString()!));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Help_fits_the_terminal_and_every_command_has_a_group_and_an_example(int width)
    {
        var root = await Shell.RunAsync(width, "--help");
        Assert.Equal((ExitCodes.Completed, ""), (root.ExitCode, root.Error));
        Assert.DoesNotContain(CommandTexts.Other, root.Output.Split('\n'));
        foreach (var command in await CommandsAsync())
        {
            var help = await Shell.RunAsync(width, command, "--help");
            Assert.True(help.Output.Split('\n').All(line => line.Length <= width), $"{command} --help is wider than {width}");
            Assert.Matches("\nExamples?\n  [^\n]*agentworkflows", help.Output);
            Assert.Contains($"agentworkflows {command}", help.Output, StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("serve", "run", "completion", "schema", "replay", "validate", "check-store", "eval", "tools")]
    public async Task Every_command_on_data_takes_json_and_url(params string[] others)
    {
        foreach (var command in (await CommandsAsync()).Except(others))
        {
            var help = (await Shell.RunAsync(80, command, "--help")).Output;
            Assert.True(help.Contains("--json", StringComparison.Ordinal) && help.Contains("--url", StringComparison.Ordinal), $"{command} lacks --json or --url");
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Version_is_the_release_alone() => Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?\n$", (await Shell.RunAsync(80, "--version")).Output);

    private static async Task<IReadOnlyList<string>> CommandsAsync() =>
        [.. (await Shell.RunAsync(80, "complete", "--", "agentworkflows ")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
}
