using AgentWorkflows.Agents;
using AgentWorkflows.Functions.Hosting;
using AgentWorkflows.Functions.Tests.Published;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Tools;
using AgentWorkflows.WorkerProtocol;
using Microsoft.Extensions.Configuration;
using NoteDesk;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>Nothing of this host may run into the platform's limit, which ends the whole worker.</summary>
public sealed class FunctionTimeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("function-time-");

    [Theory]
    [InlineData("""{ "functionTimeout": "00:10:00" }""", null, 600)]
    [InlineData("""{ "functionTimeout": "00:10:00" }""", "00:20:00", 1200)]
    [InlineData("""{ "version": "2.0" }""", null, 300)]
    [InlineData("""{ "functionTimeout": "-1" }""", null, -0.001)]
    public void The_limit_is_the_hosts_own(string hostJson, string? setting, double seconds)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "host.json"), hostJson);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AzureFunctionsJobHost:functionTimeout", setting)]).Build();

        Assert.Equal(TimeSpan.FromSeconds(seconds), FunctionTime.Read(configuration, _folder.FullName));
    }

    [Theory]
    [InlineData(540, true)]
    [InlineData(540.1, false)]
    [InlineData(600, false)]
    public void A_tool_has_as_long_as_leaves_time_to_record_its_result(double timeoutSeconds, bool allowed)
    {
        var problems = FunctionTime.ProblemsOf([NoteDesk(timeoutSeconds)], TimeSpan.FromMinutes(10));

        Assert.Equal(allowed, problems.Count == 0);
    }

    [Fact]
    public void A_model_is_held_to_the_same()
    {
        var agent = NoteDesk(10);
        agent = agent with { Models = agent.Models.ToDictionary(route => route.Key, route => route.Value with { Timeout = TimeSpan.FromMinutes(10) }) };

        Assert.Contains(
            FunctionTime.ProblemsOf([agent], TimeSpan.FromMinutes(10)), problem => problem.StartsWith("Agent 'note-desk', models.plan: its timeout is 600 s", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_limit_every_timeout_is_allowed() => Assert.Empty(FunctionTime.ProblemsOf([NoteDesk(600)], Timeout.InfiniteTimeSpan));

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void Daily_work_stops_at_least_a_minute_before_the_limit(int minutes)
    {
        var limit = TimeSpan.FromMinutes(minutes);

        Assert.InRange(FunctionTime.ForDailyWork(limit), TimeSpan.FromMinutes(1), limit - TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_worker_with_a_tool_that_may_take_too_long_does_not_start_and_says_why()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var agents = Path.Combine(_folder.FullName, "agents");
        CopyAgents(agents, text => text.Replace("tier: write_risky\n    timeout: 10s", "tier: write_risky\n    timeout: 10m", StringComparison.Ordinal));

        var failed = await Assert.ThrowsAsync<WorkerFailedException>(
            () => PublishedWorker.StartAsync(PublishedWorker.NoStorage, limit.Token, ("AgentWorkflows__AgentsDirectory", agents)));

        Assert.Contains(
            "Agent 'note-desk', tool 'write_note': its timeout is 600 s, but the platform ends a function after 600 s (functionTimeout in host.json), and with it everything "
            + "else on that worker. At most 540 s are allowed: lower the timeout in agents/note-desk/agent.yaml, or raise functionTimeout.",
            failed.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void CopyAgents(string to, Func<string, string> change)
    {
        var from = Path.Combine(PublishedApp.Folder, "agents");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, change(File.ReadAllText(file)));
        }
    }

    private static AgentDefinition NoteDesk(double timeoutSeconds)
    {
        ITool[] tools = [new ReadNotes(null!), new WriteNote(null!), new DeleteNote(null!)];
        var loaded = Assert.IsType<AgentLoadResult.Loaded>(AgentFolder.Load(Path.Combine(PublishedApp.Folder, "agents"), new ToolCatalog(tools)));
        var agent = Assert.Single(loaded.Agents);
        return agent with { Tools = [.. agent.Tools.Select(tool => tool with { Timeout = TimeSpan.FromSeconds(timeoutSeconds) })] };
    }
}
