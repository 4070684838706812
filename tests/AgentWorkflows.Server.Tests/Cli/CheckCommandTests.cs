using System.Text.Json;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Tests.Http;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>validate, check and replay.</summary>
public sealed class CheckCommandTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Validate_reports_every_problem_with_file_line_and_key()
    {
        using var agents = new AgentsCopy(text => text
            .Replace("tier: write_risky", "tier: risky", StringComparison.Ordinal)
            .Replace("max_iterations: 10", "max_iteratons: 10", StringComparison.Ordinal));

        var ran = await Shell.RunAsync(80, "validate", agents.Path);
        var json = await Shell.RunAsync(80, "validate", agents.Path, "--json");

        Assert.Equal((ExitCodes.Failed, ExitCodes.Failed), (ran.ExitCode, json.ExitCode));
        var lines = File.ReadAllLines(Path.Combine(agents.Path, "order-desk", "agent.yaml")).ToList();
        Assert.Contains($"agents/order-desk/agent.yaml:{lines.IndexOf("  max_iteratons: 10") + 1}  limits.max_iteratons", ran.Output, StringComparison.Ordinal);
        Assert.Contains("5 problems in 1 file", ran.Output, StringComparison.Ordinal);
        var problems = json.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(5, problems.Count);
        Assert.Equal(("tools.issue_refund.tier", lines.IndexOf("    tier: risky") + 1), (problems[1].GetProperty("key").GetString(), problems[1].GetProperty("line").GetInt32()));
    }

    [Fact(Timeout = Timeout)]
    public async Task Validate_of_one_agent_and_of_its_folder_says_what_is_valid()
    {
        var one = await Shell.RunAsync(120, "validate", Path.Combine(Shell.Agents, "order-desk"));
        var all = await Shell.RunAsync(120, "validate", Shell.Agents);
        var none = await Shell.RunAsync(120, "validate", "nowhere");

        Assert.Equal((ExitCodes.Completed, ExitCodes.Completed, ExitCodes.Failed), (one.ExitCode, all.ExitCode, none.ExitCode));
        Assert.StartsWith("order-desk 1.0 is valid: 12 tools", one.Output, StringComparison.Ordinal);
        Assert.Equal("There is no folder 'nowhere'.\n", none.Error);
    }

    [Fact(Timeout = Timeout)]
    public async Task Check_names_what_is_missing_and_leaves_no_data_behind()
    {
        using var shell = new Shell();
        using var agents = new AgentsCopy(text => text
            .Replace("    tier: destructive\n", "", StringComparison.Ordinal)
            .Replace("tiers: [write_risky, destructive]", "tiers: [destructive]", StringComparison.Ordinal));

        var ran = await shell.RunAsync("check", "--json", "--agents", agents.Path);

        Assert.Equal(ExitCodes.Failed, ran.ExitCode);
        Assert.Equal(
            ["approvals_asked", "approvals_reachable", "keys_set", "model_configured", "tiers_set"],
            Findings(ran).Where(finding => finding.Status == "failed").Select(finding => finding.Code).Order());
        Assert.False(Directory.Exists(shell.Data));
    }

    [Fact(Timeout = Timeout)]
    public async Task Check_through_a_server_sees_its_keys()
    {
        await using var server = await TestServer.StartAsync();

        var ran = await Shell.RunAsync(80, "check", "--json", "--url", server.Http.BaseAddress!.ToString());

        Assert.Contains(Findings(ran), finding => finding is { Code: "store_healthy", Status: "ok" });
        Assert.Contains(Findings(ran), finding => finding is { Code: "keys_set", Status: "failed" });
    }

    [Fact(Timeout = Timeout)]
    public async Task Replay_of_a_session_its_rollback_and_of_all_finds_the_same_decisions()
    {
        using var shell = new Shell();
        var started = await shell.RunAsync("run", "Refund order 1042, it arrived broken", "--approve", "auto", "--json");
        var id = JsonElement.Parse(started.Output.Split('\n')[0]).GetProperty("session").GetProperty("id").GetString()!;
        await shell.RunAsync("rollback", id);

        var one = await shell.RunAsync("replay", id, "--json");
        var all = await shell.RunAsync("replay", "--all");

        var report = JsonElement.Parse(one.Output);
        Assert.Equal((ExitCodes.Completed, false, 2), (one.ExitCode, report.GetProperty("diverged").GetBoolean(), report.GetProperty("instances").GetArrayLength()));
        Assert.Contains("1 session,", all.Output, StringComparison.Ordinal);
        Assert.Contains("0 diverged", all.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, (await shell.RunAsync("replay", "nobody")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await shell.RunAsync("replay")).ExitCode);
    }

    private static List<(string Code, string Status)> Findings(Ran ran) =>
        [.. ran.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line)).Select(json => (json.GetProperty("code").GetString()!, json.GetProperty("status").GetString()!))];
}
