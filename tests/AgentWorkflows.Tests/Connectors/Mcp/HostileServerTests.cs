using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Connectors.Mcp;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Mcp;

/// <summary>A server that does everything wrong: each way has a typed result, and the next call finds a server again.</summary>
public sealed class HostileServerTests : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _arguments = [McpServers.HostileProgram];
    private string? _key;
    private ToolSources? _sources;

    public async ValueTask DisposeAsync() => await (_sources?.DisposeAsync() ?? ValueTask.CompletedTask);

    [McpFact]
    public async Task AnAnswer_IsItsText_OrItsStructuredContent()
    {
        Assert.Equal("""{"text":"hello"}""", Success(await CallAsync("echo", """{"say":"hello"}""")));
        Assert.Equal("""{"room":7}""", Success(await CallAsync("structured")));
    }

    [McpFact]
    public async Task GarbageAndNotificationsBeforeAnAnswer_AreNoAnswer()
    {
        Assert.Equal("""{"text":"after all"}""", Success(await CallAsync("garbage")));
        Assert.Equal("""{"text":"done"}""", Success(await CallAsync("progress")));
    }

    [McpFact]
    public async Task AnErrorOfTheTool_IsPermanent_AndInDoubtUnlessItReads()
    {
        var run = await CallAsync("is_error");
        Assert.Equal(("there is no room 7", ToolFailureKind.Permanent, ActionOutcome.Unknown), (Failure(run).Message, Failure(run).Kind, run.Action));

        Assert.Equal(ActionOutcome.NotDone, (await CallAsync("is_error", tier: ToolTier.Read)).Action);
    }

    [McpFact]
    public async Task AnErrorOfTheProtocol_SaysWhetherTheToolRan()
    {
        var refused = await CallAsync("refuse");
        Assert.Equal((ToolFailureKind.Permanent, ActionOutcome.NotDone), (Failure(refused).Kind, refused.Action));
        Assert.Contains("room is missing", Failure(refused).Message, StringComparison.Ordinal);

        var crashed = await CallAsync("crash");
        Assert.Equal((ToolFailureKind.Permanent, ActionOutcome.Unknown), (Failure(crashed).Kind, crashed.Action));
    }

    [McpFact]
    public async Task AServerThatEndsDuringACall_LeavesItInDoubt_AndIsStartedAgain()
    {
        var run = await CallAsync("close");
        Assert.Equal((ToolFailureKind.Transient, false, ActionOutcome.Unknown), (Failure(run).Kind, Failure(run).RetrySafe, run.Action));

        Assert.True(Failure(await CallAsync("close", tier: ToolTier.Read)).RetrySafe);
        Assert.True(Failure(await CallAsync("close", idempotent: true)).RetrySafe);
        Assert.Equal("""{"text":"again"}""", Success(await CallAsync("echo", """{"say":"again"}""")));
    }

    [McpFact]
    public async Task AnAnswerOf200MB_IsCutOffWhileItIsRead_AndTheServerIsStartedAgain()
    {
        var before = GC.GetTotalAllocatedBytes();
        var run = await CallAsync("huge");

        Assert.Equal((ToolFailureKind.Permanent, ActionOutcome.Unknown), (Failure(run).Kind, run.Action));
        Assert.Contains("longer than 4 MB", Failure(run).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 150L * 1024 * 1024);
        Assert.Equal("""{"text":"again"}""", Success(await CallAsync("echo", """{"say":"again"}""")));
    }

    [McpFact]
    public async Task AServerThatHangs_TimesOut_InDoubt()
    {
        var run = await CallAsync("hang", timeout: TimeSpan.FromMilliseconds(300));
        Assert.Equal((ToolFailureKind.Timeout, ActionOutcome.Unknown), (Failure(run).Kind, run.Action));

        Assert.Equal("""{"text":"still here"}""", Success(await CallAsync("echo", """{"say":"still here"}""")));
    }

    [McpFact]
    public async Task TheHostsEnvironment_IsNotTheServers()
    {
        _environment["ROOMS_KEY"] = "${PATH}";
        var seen = JsonElement.Parse(Success(await CallAsync("environment"))).GetProperty("text").GetString()!.Split(' ');

        Assert.Contains("ROOMS_KEY", seen);
        Assert.Empty(seen.Except(["PATH", "HOME", "ROOMS_KEY", "PWD", "SHLVL", "_", "OLDPWD"]));
    }

    [McpFact]
    public async Task AVariableThatIsNotThere_IsNamed()
    {
        _environment["ROOMS_KEY"] = "${NO_SUCH_VARIABLE_HERE}";

        Assert.Equal("The environment has no NO_SUCH_VARIABLE_HERE. Set it where the host is started.", (await StateAsync()).Problem);
    }

    [McpFact]
    public async Task ToolsThatWouldBeCalledTheSame_MakeTheSourceInvalid()
    {
        _environment["HOSTILE_TWINS"] = "yes";
        var state = await StateAsync();

        Assert.Equal(ToolSourceHealth.Invalid, state.Health);
        Assert.Contains("'bookRoom' and 'book-room' would both be called 'rooms_book_room'.", state.Problem, StringComparison.Ordinal);
    }

    [McpFact]
    public async Task WhatAServerSaysOfItself_RaisesCaution_AndNeverLowersIt()
    {
        await StateAsync();

        var destroy = _sources!.Find("rooms_destroy")!.Definition;
        Assert.Equal((ToolTier.Destructive, true), (destroy.LeastTier, destroy.NeverIdempotent));
        Assert.Equal(ToolTier.Read, _sources.Find("rooms_echo")!.Definition.LeastTier);
        Assert.Equal(DataLabels.Untrusted, ((ITool)_sources.Find("rooms_echo")!).Labels);
    }

    [McpFact]
    public async Task TheKey_IsInTheNamedArgument_AndInMeta_AndTheModelDoesNotSeeIt()
    {
        _key = "key";

        Assert.Equal("""{"text":"s/1/a s/1/a"}""", Success(await CallAsync("keyed")));
        Assert.False(_sources!.Find("rooms_keyed")!.ParametersSchema.GetProperty("properties").TryGetProperty("key", out _));
    }

    [McpFact]
    public async Task WhenTheHostStops_NothingOfTheServerIsLeft_NotEvenWhatItStarted()
    {
        _environment["HOSTILE_STAYS"] = "yes";
        var child = int.Parse(JsonElement.Parse(Success(await CallAsync("child"))).GetProperty("text").GetString()!, CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(child);

        await _sources!.DisposeAsync();

        await process.WaitForExitAsync();
    }

    [McpFact]
    public async Task AProgramThatIsNotThere_IsUnreachable()
    {
        await using var source = new McpSource(new McpServerSettings("rooms") { Command = "no-such-program" }, Environment.GetEnvironmentVariable);

        var lost = Assert.IsType<ToolDiscovery.Unreachable>(await source.DiscoverAsync(CancellationToken.None));
        Assert.Contains("There is no program 'no-such-program'.", lost.Why, StringComparison.Ordinal);
    }

    private async Task<ToolRun> CallAsync(string tool, string arguments = "{}", ToolTier tier = ToolTier.WriteRisky, bool idempotent = false, TimeSpan? timeout = null)
    {
        _sources ??= Sources();
        var contract = new ToolContract
        {
            Name = tool,
            Implementation = $"rooms_{tool}",
            Description = "",
            Parameters = JsonElement.Parse("{}"),
            Tier = tier,
            Idempotent = idempotent,
            Timeout = timeout ?? TimeSpan.FromSeconds(60),
        };
        var runner = new ToolRunner(new ToolCatalog([], _sources), TimeProvider.System, NullLogger<ToolRunner>.Instance);
        // Only the call is timed, not the start of the server.
        await _sources.ConnectAsync(CancellationToken.None);
        return await runner.RunAsync(contract, new ToolInvocation("s", tool, JsonElement.Parse(arguments), "s/1/a"), null, CancellationToken.None);
    }

    private async Task<ToolSourceState> StateAsync()
    {
        _sources = Sources();
        await _sources.ConnectAsync(CancellationToken.None);
        return Assert.Single(_sources.States);
    }

    private ToolSources Sources() => new(
        [new McpSource(
            new McpServerSettings("rooms") { Command = "node", Arguments = _arguments, Environment = _environment, Timeout = TimeSpan.FromSeconds(60), KeyArgument = _key },
            Environment.GetEnvironmentVariable)],
        TimeProvider.System, NullLogger<ToolSources>.Instance);

    private static string Success(ToolRun run) => Assert.IsType<ToolResult.Success>(run.Result).Value.GetRawText();

    private static ToolResult.Failure Failure(ToolRun run) => Assert.IsType<ToolResult.Failure>(run.Result);
}
