using System.Diagnostics;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Cli.Completion;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>What Tab offers, and the scripts that ask for it.</summary>
public sealed class CompletionTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData("agentworkflows fo", "fork")]
    [InlineData("agentworkflows run --ap", "--approve")]
    [InlineData("agentworkflows run --approve ", "ask auto deny")]
    [InlineData("agentworkflows sessions --status rolled", "RolledBack")]
    [InlineData("agentworkflows nonsense --x", "")]
    [InlineData("agentworkflows", "")]
    [InlineData("", "")]
    public async Task Offers_what_fits(string line, string expected) => Assert.Equal(expected, string.Join(' ', await OfferedAsync(line)));

    [Fact(Timeout = Timeout)]
    public async Task Offers_commands_before_options_and_hides_its_own()
    {
        var offered = await OfferedAsync("agentworkflows ");

        Assert.Contains("serve", offered);
        Assert.DoesNotContain("complete", offered);
        Assert.DoesNotContain(offered, text => text.StartsWith('-'));
    }

    [Fact(Timeout = Timeout)]
    public async Task Offers_the_ids_that_exist_and_only_what_stands_before_the_cursor_counts()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "What is the state of order 1042?", "--json");

        var line = $"agentworkflows --data {shell.Data} show s-";
        var ids = await OfferedAsync(line);
        var before = await OfferedAsync(line, line.Length - "show s-".Length + "sh".Length);

        Assert.StartsWith("s-", Assert.Single(ids), StringComparison.Ordinal);
        Assert.Equal(["show"], before);
    }

    [Fact(Timeout = Timeout)]
    public async Task Bash_completes_with_the_script()
    {
        var script = (await Shell.RunAsync(80, "completion", "bash")).Output;
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "OrderDesk.dll");
        var run = script + $$"""

            agentworkflows() { dotnet "{{program}}" "$@"; }
            COMP_LINE="agentworkflows terminate --roll" COMP_POINT=31 COMP_WORDS=(agentworkflows terminate --roll) COMP_CWORD=2
            _agentworkflows
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", run]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("--rollback", output.Trim());
    }

    [Theory(Timeout = Timeout)]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_script_says_how_it_is_installed(string shell)
    {
        var ran = await Shell.RunAsync(80, "completion", shell);

        Assert.Equal(ExitCodes.Completed, ran.ExitCode);
        Assert.Contains($"agentworkflows completion {shell}", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "./OrderDesk", "complete -o default -F ___OrderDesk ./OrderDesk", "words=$(./OrderDesk complete")]
    [InlineData("zsh", "desk", "compdef _desk desk", "< <(desk complete")]
    [InlineData("fish", "desk", "complete -c desk", "(desk complete")]
    [InlineData("pwsh", "desk", "-CommandName desk", "    desk complete")]
    public void A_script_is_for_the_program_as_it_was_started(string shell, string program, string registered, string asks)
    {
        var script = CompletionScripts.Of(shell, program);

        Assert.Contains(registered, script, StringComparison.Ordinal);
        Assert.Contains(asks, script, StringComparison.Ordinal);
        Assert.DoesNotContain("agentworkflows", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_two_words_cannot_be_completed_and_says_so()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var screen = new Screen(output, error, TextReader.Null, interactive: false, colours: false, 200) { Program = "dotnet Desk.dll" };

        var code = await new CommandLine(screen, TimeProvider.System, new EmbeddedProgram(() => throw new InvalidOperationException("No program is needed."))).RunAsync(["completion", "bash"]);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("started as 'dotnet Desk.dll'", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> OfferedAsync(string line, int? position = null)
    {
        string[] at = position is { } given ? ["--position", $"{given}"] : [];
        var ran = await Shell.RunAsync(80, ["complete", .. at, "--", line]);
        Assert.Equal(ExitCodes.Completed, ran.ExitCode);
        return [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\t')[0])];
    }
}
