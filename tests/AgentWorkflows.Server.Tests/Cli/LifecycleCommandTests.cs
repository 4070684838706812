using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Tests.Http;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>suspend, resume, terminate and fork, on a data folder and through a server.</summary>
public sealed class LifecycleCommandTests
{
    private const int Timeout = 60_000;
    private const string Refund = "Refund order 1042, it arrived broken";

    [Fact(Timeout = Timeout)]
    public async Task Suspended_it_is_listed_as_such_and_resumed_it_ends()
    {
        using var shell = new Shell();
        var id = await WaitingAsync(shell);

        Assert.Equal(ExitCodes.Completed, (await shell.RunAsync("suspend", id)).ExitCode);
        Assert.Contains("Suspended", (await shell.RunAsync("sessions", "--status", "suspended")).Output, StringComparison.Ordinal);
        var resumed = await shell.RunAsync("resume", id, "--approve", "auto");

        Assert.Equal(ExitCodes.Completed, resumed.ExitCode);
        Assert.Contains("Outcome   Completed", resumed.Output, StringComparison.Ordinal);
        var late = await shell.RunAsync("suspend", id, "--json");
        Assert.Equal((ExitCodes.Failed, ""), (late.ExitCode, late.Output));
        Assert.Contains("has ended already", JsonElement.Parse(late.Error).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Terminated_with_rollback_it_takes_back_what_it_did()
    {
        using var shell = new Shell();
        var waiting = await shell.RunAsync("run", "Refund order 1042, it arrived broken, and tell the customer", "--json");
        Assert.Equal(ExitCodes.WaitingForApproval, waiting.ExitCode);
        var id = IdOf(waiting);
        var approval = JsonElement.Parse((await shell.RunAsync("approvals", "--json")).Output.Split('\n')[0]).GetProperty("id").GetString()!;
        await shell.RunAsync("approve", approval, "--yes");
        await shell.RunAsync("run", "--resume", id);

        var ended = await shell.RunAsync("terminate", id, "--rollback", "--reason", "wrong customer");

        Assert.Equal(ExitCodes.Completed, ended.ExitCode);
        var session = JsonElement.Parse((await shell.RunAsync("show", id, "--json")).Output.Split('\n')[0]);
        Assert.Equal("RolledBack", session.GetProperty("status").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Forked_it_goes_on_after_the_turn_and_names_its_source()
    {
        using var shell = new Shell();
        var id = IdOf(await shell.RunAsync("run", Refund, "--approve", "auto", "--json"));

        var forked = await shell.RunAsync("fork", id, "--turn", "1", "--approve", "deny", "--id", "again");

        Assert.Contains($"Forked    from turn 1 of {id}", forked.Output, StringComparison.Ordinal);
        Assert.Contains("because a person said no", forked.Output, StringComparison.Ordinal);
        Assert.Contains("there is no turn 7. Turns 0 to 2 can be forked from.", (await shell.RunAsync("fork", id, "--turn", "7")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await shell.RunAsync("fork", id, "--turn", "-1")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await shell.RunAsync("fork", id)).ExitCode);
        Assert.Equal(ExitCodes.Failed, (await shell.RunAsync("fork", id, "--turn", "0", "--id", "again")).ExitCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task Each_works_through_a_server()
    {
        await using var server = await TestServer.StartAsync();
        var url = server.Http.BaseAddress!.ToString();
        var started = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal = Refund,
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
            sessionId = "s-1",
        });
        Assert.True(started.IsSuccessStatusCode);

        Assert.Equal(ExitCodes.Completed, (await Shell.RunAsync(80, "suspend", "s-1", "--url", url)).ExitCode);
        Assert.Equal("""{"id":"s-1","command":"resume","accepted":true}""", (await Shell.RunAsync(80, "resume", "s-1", "--url", url, "--json")).Output.Trim());
        Assert.Contains("Session s-2 goes on from turn 0 of s-1", (await Shell.RunAsync(80, "fork", "s-1", "--turn", "0", "--id", "s-2", "--url", url)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Completed, (await Shell.RunAsync(80, "terminate", "s-1", "--rollback", "--url", url)).ExitCode);
        var again = await Shell.RunAsync(80, "terminate", "s-1", "--url", url);
        Assert.Equal((ExitCodes.Completed, ""), (again.ExitCode, again.Error));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("terminate")]
    [InlineData("rollback")]
    public async Task Without_data_nothing_is_created(string command)
    {
        using var shell = new Shell();

        var ran = await shell.RunAsync(command, "s-1");

        Assert.Equal(ExitCodes.Failed, ran.ExitCode);
        Assert.Contains("There is no data in", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Data));
    }

    private static async Task<string> WaitingAsync(Shell shell)
    {
        var ran = await shell.RunAsync("run", Refund, "--json");
        Assert.Equal(ExitCodes.WaitingForApproval, ran.ExitCode);
        return IdOf(ran);
    }

    private static string IdOf(Ran ran) => JsonElement.Parse(ran.Output.Split('\n')[0]).GetProperty("session").GetProperty("id").GetString()!;
}
