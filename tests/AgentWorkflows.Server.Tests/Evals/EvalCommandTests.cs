using System.Text.Json;
using System.Xml.Linq;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentWorkflows.Server.Tests.Evals;

public sealed class EvalCommandTests
{
    private const int Timeout = 180_000;
    private const string OneCase = "cases:\n  - name: well\n    goal: Is all well?\n    expect: {status: [completed], answer: {contains: [all is well]}}\n";

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_is_right_19_of_20_times_is_95_percent_reliable_and_97_are_not_enough()
    {
        using var shell = new EvalShell(OneCase) { Models = RightBut(times: 1) };

        var enough = await shell.RunAsync("eval", "--trials", "20", "--min-reliability", "95%");
        Assert.Contains("Reliability  95.0 %: 19 of 20, 95 % interval 76.4–99.1 %", enough.Output, StringComparison.Ordinal);
        Assert.Contains("'all is well' is not in the answer. The answer: all is", enough.Output, StringComparison.Ordinal);
        Assert.Equal(0, enough.ExitCode);
        Assert.All(enough.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));

        using var other = new EvalShell(OneCase) { Models = RightBut(times: 1) };
        var short_ = await other.RunAsync("eval", "--trials", "20", "--min-reliability", "97%", "--junit", other.FileOf("junit.xml"), "--html", other.FileOf("report.html"));
        Assert.Equal(1, short_.ExitCode);
        Assert.Contains("below the 97.0 % that are asked for", short_.Output.ReplaceLineEndings(" ").Replace("              ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        var suite = XDocument.Load(other.FileOf("junit.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("20", "1", "0"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
        var page = await File.ReadAllTextAsync(other.FileOf("report.html"));
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(ChatFailureKind.Unauthorized)]
    [InlineData(ChatFailureKind.Unavailable)]
    public async Task An_endpoint_that_is_dead_is_not_scored_and_has_an_exit_code_of_its_own(ChatFailureKind kind)
    {
        using var shell = new EvalShell(OneCase) { Models = new ScriptedChatModel(_ => new ChatResult.Failed(kind, "Nobody is there.", Billed: false)) };

        var ran = await shell.RunAsync("eval", "--json");

        Assert.Equal(4, ran.ExitCode);
        var all = JsonElement.Parse(ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Equal((0, 1, "not_scored"), (all.GetProperty("scored").GetInt32(), all.GetProperty("notScored").GetInt32(), all.GetProperty("verdict").GetString()));
        Assert.Contains("No model answers.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Nobody is there.", ran.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_drop_against_an_earlier_run_fails_only_when_noise_does_not_explain_it()
    {
        using var shell = new EvalShell(OneCase) { Models = RightBut(times: 0) };
        var before = await shell.RunAsync("eval", "--trials", "12", "--json");
        using var once = new EvalShell(OneCase) { Models = RightBut(times: 1) };
        await File.WriteAllTextAsync(once.FileOf("before.jsonl"), before.Output);
        using var often = new EvalShell(OneCase) { Models = RightBut(times: 9) };

        Assert.Equal(0, (await once.RunAsync("eval", "--trials", "12", "--min-reliability", "0", "--baseline", once.FileOf("before.jsonl"))).ExitCode);
        var worse = await often.RunAsync("eval", "--trials", "12", "--min-reliability", "0", "--baseline", once.FileOf("before.jsonl"));
        Assert.Equal(1, worse.ExitCode);
        Assert.Contains("worse than the baseline by 75.0 points", worse.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_budget_that_is_used_up_leaves_trials_unscored()
    {
        using var shell = new EvalShell(OneCase) { Models = RightBut(times: 0) };

        var ran = await shell.RunAsync("eval", "--trials", "30", "--budget", "0.004", "--parallel", "1");

        Assert.Equal(4, ran.ExitCode);
        Assert.Contains("budget", ran.Output, StringComparison.Ordinal);
        Assert.Contains("of $0.0040", ran.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_tool_that_writes_outside_keeps_the_run_from_starting_until_it_is_told()
    {
        var called = 0;
        const string cases = "cases:\n  - name: well\n    goal: Is all well?\n    expect: {answer: {contains: [all is well]}}\n";
        using var shell = new EvalShell(cases)
        {
            Models = RightBut(times: 0),
            Configure = builder => builder.AddFunction(AIFunctionFactory.Create(() => { called++; return "sent"; }, "send_fax"), contract => contract.Tier = ToolTier.WriteSafe),
        };
        var file = Path.Combine(shell.Agents, "order-desk", "agent.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("tools:\n  search_orders:", "tools:\n  send_fax:\n    description: Sends a fax.\n    owner: desk\n    tier: write_risky\n    side_effects: [fax]\n    compensation: {tool: delete_note, arguments: {action_key: $idempotencyKey}, instructions: Call them.}\n  search_orders:", StringComparison.Ordinal));

        var refused = await shell.RunAsync("eval");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("send_fax, in well", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-effects", refused.Error, StringComparison.Ordinal);

        shell.Write("cases.yaml", cases + "    fixtures: [{tool: send_fax, result: {}}]\n");
        Assert.Equal(0, (await shell.RunAsync("eval")).ExitCode);
        shell.Write("cases.yaml", cases);
        Assert.Contains("may act outside", (await shell.RunAsync("eval", "--allow-effects")).Output, StringComparison.Ordinal);
        Assert.Equal(0, called);
    }

    [Fact(Timeout = Timeout)]
    public async Task Two_folders_of_agents_are_shown_side_by_side_with_what_differs()
    {
        const string cases = "cases:\n  - name: refund\n    goal: Refund order 1042, it arrived broken, and tell the customer\n    expect: {tools: {used: [send_message]}}\n";
        using var one = new EvalShell(cases);
        using var two = new EvalShell(cases);
        var playbook = Path.Combine(two.Agents, "order-desk", "playbook.yaml");
        await File.WriteAllTextAsync(playbook, (await File.ReadAllTextAsync(playbook)).Replace("name: refund-and-tell\n    goal: '", "name: refund-and-tell\n    goal: 'NEVER", StringComparison.Ordinal));

        var ran = await one.RunAsync("eval", "--compare", two.Agents, "--trials", "6");

        Assert.True(ran.ExitCode == 1, ran.Output + ran.Error);
        Assert.Contains("6/6    0/6", ran.Output, StringComparison.Ordinal);
        Assert.Contains("plan 1  get_order → issue_refund → send_message (6×)", ran.Output, StringComparison.Ordinal);
        Assert.Contains("plan 2  get_order → issue_refund (6×)", ran.Output, StringComparison.Ordinal);
        Assert.All(ran.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(2, (await one.RunAsync("eval", "--compare", one.FileOf("nothing"))).ExitCode);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("--min-reliability", "950%", "'950%' is not a share. Allowed: 0% to 100%, or 0 to 1.")]
    [InlineData("--budget", "0", "'0' is not an amount.")]
    [InlineData("--baseline", "nowhere.jsonl", "there is no file 'nowhere.jsonl'")]
    [InlineData("--case", "nothing", "There is no case 'nothing'. There are: well.")]
    public async Task A_wrong_option_is_told_with_what_is_allowed(string option, string value, string message)
    {
        using var shell = new EvalShell(OneCase);

        var ran = await shell.RunAsync("eval", option, value);

        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_samples_own_cases_pass()
    {
        using var shell = new EvalShell();

        var ran = await shell.RunAsync("eval", "order-desk");

        Assert.True(ran.ExitCode == 0, ran.Output + ran.Error);
        // The program's own folder may have been opened by its checks at start, but no session and no tool was in it.
        Assert.False(File.Exists(Path.Combine(shell.Data, "engine.db")));
        Assert.False(File.Exists(Path.Combine(shell.Data, "order-desk.db")));
    }

    private static ScriptedChatModel RightBut(int times)
    {
        var asked = 0;
        return new ScriptedChatModel(_ => ScriptedChatModel.Plan(new Plan { Reason = "Say it.", Answer = Interlocked.Increment(ref asked) <= times ? "all is lost" : "all is well" }));
    }
}
