using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>Runs every command in a folder of its own and writes down what it said.</summary>
internal sealed partial class CliDocs : IDisposable
{
    private const string Goal = "Refund order 1042, it arrived broken, and tell the customer";

    private readonly Shell _shell = new();
    private readonly StringBuilder _page = new();

    public static async Task<string> WriteAsync()
    {
        using var docs = new CliDocs();
        await docs.IntroduceAsync();
        await docs.RunsAsync();
        await docs.LooksAsync();
        await docs.SteersAsync();
        await docs.ChecksAsync();
        return docs._page.ToString();
    }

    /// <summary>In the order in which help lists them.</summary>
    public static async Task<IReadOnlyList<string>> CommandsAsync()
    {
        var help = (await Shell.RunAsync(80, "--help")).Output.Split('\n');
        var offered = (await Shell.RunAsync(80, "complete", "--", "agentworkflows ")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).ToHashSet();
        return [.. help.Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[0]).Where(offered.Contains).Distinct()];
    }

    public void Dispose() => _shell.Dispose();

    private async Task IntroduceAsync()
    {
        _page.Append("""
            # The command line

            Every block below was written by running the command (`tests/AgentWorkflows.Server.Tests/Cli/CliDocs.cs`), with the sample agent and the offline
            playbook, in a terminal of 80 columns.

            * Each command works on a data folder (`--data`, default `.data`); those that look or steer also on a running server: `--url http://localhost:7071`,
              with its key in `AGENTWORKFLOWS_API_KEY`.
            * `--json` writes one JSON object a line on standard output, and what went wrong as one JSON object a line on standard error.
            * One process at a time owns a data folder's engine. `sessions`, `show`, `ledger`, `report`, `approvals`, `approve` and `check-store` work beside it.
              `run`, `resume`, `fork`, `suspend`, `terminate`, `rollback` and `replay` open the engine themselves; while a server runs there, give them `--url`.
              While one of them has the engine open, other sessions of the folder go on, too.
            * In what commands write from outside (goals, answers, results), escape sequences and invisible characters are written out, such as `\u001B`.


            """.ReplaceLineEndings("\n"));
        await ShowAsync(null, "--help");
    }

    private async Task RunsAsync()
    {
        await HelpAsync("serve");
        await ServeAsync();
        await HelpAsync("run");
        Say("Nobody is at the keyboard here, so the session waits, durably, and the exit code says so. In a terminal it would ask.");
        var run = await ShowAsync(null, "run", Goal);
        Assert.True(run.Output.StartsWith("Session", StringComparison.Ordinal), run.Error + run.Output);
        Session = run.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await HelpAsync("approvals");
        await ShowAsync(null, "approvals");
        await HelpAsync("approve");
        await ShowAsync(null, "approve", await PendingAsync(), "--yes", "--user", "ada");
        Say("The session goes on from there. What follows is agreed to without asking.");
        await ShowAsync(null, "run", "--resume", Session, "--approve", "auto", "--user", "ada");
    }

    private async Task LooksAsync()
    {
        await HelpAsync("sessions");
        await ShowAsync(null, "sessions");
        await ShowAsync(null, "sessions", "--json");
        await HelpAsync("show");
        await ShowAsync(null, "show", Session);
        await HelpAsync("ledger");
        await ShowAsync(null, "ledger", Session);
        await HelpAsync("report");
        await ShowAsync(null, "report");
    }

    private async Task SteersAsync()
    {
        await HelpAsync("fork");
        await ShowAsync(null, "fork", Session, "--turn", "2", "--approve", "deny", "--id", "s-another-way");
        await ShowAsync(null, "fork", Session, "--turn", "9");
        await _shell.RunAsync("run", "Refund order 1047", "--json", "--context", "priority=high");
        var waiting = await WaitingAsync();
        await HelpAsync("suspend");
        await ShowAsync(null, "suspend", waiting, "--reason", "audit");
        await ShowAsync(null, "sessions", "--status", "Suspended");
        await HelpAsync("resume");
        await ShowAsync(null, "resume", waiting, "--detach");
        await HelpAsync("terminate");
        await ShowAsync(null, "terminate", waiting, "--reason", "wrong order");
        await ShowAsync(null, "terminate", waiting, "--json");
        await HelpAsync("rollback");
        await ShowAsync(null, "rollback", Session, "--reason", "wrong customer");
    }

    private async Task ChecksAsync()
    {
        using var agents = new AgentsCopy(text => text
            .Replace("max_iterations: 10", "max_iteratons: 10", StringComparison.Ordinal)
            .Replace("    tier: destructive\n    timeout: 15s\n", "    timeout: 15\n", StringComparison.Ordinal));
        await HelpAsync("validate");
        await ShowAsync("validate", "validate", Shell.Agents);
        await ShowAsync("validate agents", "validate", agents.Path);
        await HelpAsync("tools");
        await ShowAsync(null, "tools");
        await HelpAsync("check");
        await ShowAsync(null, "check");
        await HelpAsync("check-store");
        await ShowAsync(null, "check-store");
        await HelpAsync("replay");
        await ShowAsync(null, "replay", Session);
        await ShowAsync(null, "replay", "--all");
        await HelpAsync("eval");
        await ShowAsync(null, "eval", "--case", "refund-and-tell", "--case", "rejected-refund", "--case", "hostile-note", "--trials", "3");
        await HelpAsync("schema");
        Say("The samples refer to theirs in their first line, so editors with a YAML language server complete and check them.");
        await ShowAsync("schema tool | head -20", "schema", "tool");
        await HelpAsync("completion");
        Say("The script asks the program at each Tab, so it knows every command, option, status and id:");
        await ShowAsync("complete -- \"agentworkflows show s-\"", "complete", "--data", _shell.Data, "--", $"agentworkflows --data {_shell.Data} show s-");
    }

    private string Session { get; set; } = "";

    private async Task HelpAsync(string command)
    {
        _page.Append($"## {command}\n\n```\n{(await Shell.RunAsync(80, command, "--help")).Output.TrimEnd()}\n```\n\n");
    }

    private void Say(string text) => _page.Append(text).Append("\n\n");

    /// <param name="shown">As written in the page; default: the arguments.</param>
    private async Task<Ran> ShowAsync(string? shown, params string[] arguments)
    {
        var ran = arguments[0] is "complete" or "validate" or "schema" or "--help" ? await Shell.RunAsync(80, arguments) : await _shell.RunAsync(arguments);
        var line = shown ?? string.Join(' ', arguments.Select(argument => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument));
        var output = Clean(ran.Output + ran.Error).TrimEnd();
        if (shown?.EndsWith("head -20", StringComparison.Ordinal) ?? false)
        {
            output = string.Join('\n', output.Split('\n').Take(20));
        }
        _page.Append($"```\n$ agentworkflows {line}\n{output}{(output.Length > 0 ? "\n" : "")}```\n\n");
        if (ran.ExitCode != 0)
        {
            _page.Append($"Exit code {ran.ExitCode}.\n\n");
        }
        return ran;
    }

    private async Task ServeAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "OrderDesk.dll");
        using var server = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--urls", "http://127.0.0.1:0", "--data", _shell.Data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = new StringBuilder();
        try
        {
            while (await server.StandardOutput.ReadLineAsync() is { } line)
            {
                output.Append(line).Append('\n');
                if (line.Contains("Ctrl+C", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
        var text = Regex.Replace(Clean(output.ToString()), @"http://[a-z0-9.\[\]:]+:[0-9]+", "http://localhost:7071");
        _page.Append($"```\n$ agentworkflows serve\n{text}```\n\n");
    }

    private async Task<string> PendingAsync() =>
        JsonElement.Parse((await _shell.RunAsync("approvals", "--json")).Output.Split('\n')[0]).GetProperty("id").GetString()!;

    private async Task<string> WaitingAsync() =>
        JsonElement.Parse((await _shell.RunAsync("sessions", "--status", "AwaitingApproval", "--json")).Output.Split('\n')[0]).GetProperty("id").GetString()!;

    /// <summary>Without the folders and the account of this run, and as if its folder were the default one.</summary>
    private string Clean(string text)
    {
        var plain = text
            .Replace(Path.GetFullPath(_shell.Data), ".data", StringComparison.Ordinal)
            .Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal);
        plain = DataOption().Replace(plain, "");
        plain = Regex.Replace(plain, $@"\b{Regex.Escape(Environment.UserName)}\b", "ada");
        return string.Join('\n', plain.Split('\n').Select(line => line.TrimEnd()));
    }

    [GeneratedRegex(@"\s+--data\s+\.data")]
    private static partial Regex DataOption();
}
