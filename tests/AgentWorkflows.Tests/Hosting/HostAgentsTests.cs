using AgentWorkflows.Agents;
using AgentWorkflows.Hosting;
using AgentWorkflows.Tests.Agents;
using AgentWorkflows.Tests.Tools.Sources;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Hosting;

/// <summary>Agents whose tools come from sources.</summary>
public sealed class HostAgentsTests : IDisposable
{
    private const string Rooms = """
        tools:
          rooms_book: {}
        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("host-agents-");
    private readonly SetClock _clock = new();
    private readonly FakeSource _rooms = new("rooms");

    public HostAgentsTests() => Write("prices.yaml", AgentFiles.Prices);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task WhileItsSourceIsAway_AnAgentIsHeld_AndComesAliveByItself()
    {
        Agent("desk", Rooms);
        await using var host = Host();
        using var agents = host.Agents;

        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        Assert.Null(agents.Find("desk"));
        var held = Assert.Single(agents.Held);
        Assert.Equal(("desk", "source_unreachable"), (held.Name, held.Code));
        Assert.Contains("the fake source 'rooms' (nowhere), which cannot be used: nobody is there.", held.Reason, StringComparison.Ordinal);

        _rooms.Has("book");
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        Assert.NotNull(agents.Find("desk"));
        Assert.Empty(agents.Held);
    }

    [Fact]
    public async Task WhoeverStartsAHeldAgent_AsksItsSourceAtOnce()
    {
        Agent("desk", Rooms);
        await using var host = Host();
        using var agents = host.Agents;
        _rooms.Has("book");

        Assert.NotNull(await ((IAgentCatalog)agents).FindAsync("desk", CancellationToken.None));
    }

    [Fact]
    public async Task AToolWithoutAContract_IsDestructive_AndNothingTakesItBack()
    {
        Agent("desk", Rooms);
        _rooms.Has("book");
        await using var host = Host();
        using var agents = host.Agents;
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);

        var contract = agents.Find("desk")!.FindTool("rooms_book")!;
        Assert.Equal((ToolTier.Destructive, true, false), (contract.Tier, contract.Irreversible, contract.Idempotent));
        Assert.Equal(["rooms: book"], contract.SideEffects);
        Assert.Equal("What book does.", contract.Description);
    }

    [Theory]
    [InlineData("read", null, ToolTier.Read)]
    [InlineData("write_risky", null, ToolTier.WriteRisky)]
    [InlineData("write_risky", ToolTier.Destructive, ToolTier.Destructive)]
    [InlineData("destructive", ToolTier.WriteSafe, ToolTier.Destructive)]
    public async Task WhatASourceSaysOfItself_RaisesATier_AndNeverLowersOne(string tier, ToolTier? least, ToolTier expected)
    {
        Agent("desk", $$"""
            tools:
              rooms_book: {tier: {{tier}}{{(tier == "read" ? "" : ", compensation: {tool: rooms_cancel, arguments: {room: $arguments.room}, instructions: Call.}")}}}
              rooms_cancel: {offered: false}
            """);
        _rooms.Answer = new ToolDiscovery.Found(
            [FakeSource.Tool("rooms", "book", tool => tool with { LeastTier = least ?? ToolTier.Read }), FakeSource.Tool("rooms", "cancel")]);
        await using var host = Host();
        using var agents = host.Agents;
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);

        Assert.Equal(expected, agents.Find("desk")!.FindTool("rooms_book")!.Tier);
    }

    [Theory]
    [InlineData("tier: read", "agent.yaml:7: tools.rooms_book.tier: The source says itself that 'book' changes something, so it is not 'read'.")]
    [InlineData("idempotent: true", "agent.yaml:7: tools.rooms_book.idempotent: The source says itself that a second call of 'book' makes a second effect.")]
    [InlineData("implementation: rooms_boook", "The fake source 'rooms' has no tool 'rooms_boook'. Did you mean 'rooms_book'? It has: rooms_book.")]
    public async Task AContractThatContradictsItsSource_HoldsTheAgent(string contract, string expected)
    {
        Agent("desk", $"tools:\n  rooms_book: {{{contract}}}\n");
        _rooms.Answer = new ToolDiscovery.Found([FakeSource.Tool("rooms", "book", tool => tool with { LeastTier = ToolTier.WriteSafe, NeverIdempotent = true })]);
        await using var host = Host();
        using var agents = host.Agents;
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);

        var held = Assert.Single(agents.Held);
        Assert.Equal("invalid", held.Code);
        Assert.Contains(expected, held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherAgents_Run_AndStayAsTheyWereRead()
    {
        Agent("desk", Rooms);
        Agent("plain", "tools:\n  look: {description: Looks., tier: read}\n");
        await using var host = Host();
        using var agents = host.Agents;
        Assert.NotNull(agents.Find("plain"));

        Agent("plain", "tools:\n  look: {description: Looks elsewhere., tier: read}\n");
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        Assert.Equal("Looks.", agents.Find("plain")!.FindTool("look")!.Description);
    }

    [Fact]
    public async Task AToolNobodyReviewed_HoldsItsAgent_UntilItIsPinned_AndAgainWhenAWordChanges()
    {
        Agent("desk", Rooms);
        var rooms = new FakeSource("rooms") { IsPinned = true };
        rooms.Has("book");
        await using var host = Host(rooms);
        using var agents = host.Agents;
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        Assert.Equal("not_pinned", Assert.Single(agents.Held).Code);

        var inventory = new ToolInventory(new AgentFolders([_root.FullName]), host.Tools, host.Sources.Sources, agents, _clock);
        var pinned = Assert.Single(inventory.Pin("desk"));
        Assert.Equal(["rooms_book is new: What book does."], pinned.Changes);
        await File.WriteAllTextAsync(pinned.File, pinned.Text);
        rooms.SayChanged();
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        var contract = agents.Find("desk")!.FindTool("rooms_book")!;
        Assert.Equal("What book does.", contract.Pin!.Description);
        Assert.Equal("pinned", Assert.Single(inventory.Tools()).Pin);
        Assert.Empty(Assert.Single(inventory.Pin(null)).Changes);
        Assert.Equal("What book does.", AgentSnapshot.Of(agents.Find("desk")!).ToDefinition().FindTool("rooms_book")!.Pin!.Description);

        rooms.Answer = new ToolDiscovery.Found([FakeSource.Tool("rooms", "book", description: "What book really does.")]);
        rooms.SayChanged();
        var run = await new ToolRunner(host.Tools, _clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ToolRunner>.Instance)
            .RunAsync(contract, new ToolInvocation("s", "rooms_book", System.Text.Json.JsonElement.Parse("{}"), "k"), null, CancellationToken.None);
        Assert.Equal(ActionOutcome.NotDone, run.Action);
        Assert.Contains("is not what was reviewed any more", Assert.IsType<ToolResult.Failure>(run.Result).Message, StringComparison.Ordinal);
        var held = Assert.Single(agents.Held);
        Assert.Equal("definition_changed", held.Code);
        Assert.Contains("- description: What book does.\n+ description: What book really does.", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALockFileChangedByHand_IsAProblem()
    {
        Agent("desk", Rooms);
        Write("desk/tools.lock.json", """{"tools":{"rooms_book":{"source":"rooms","tool":"book","hash":"00","description":"Harmless.","schema":{}}}}""");
        var rooms = new FakeSource("rooms") { IsPinned = true };
        rooms.Has("book");
        await using var host = Host(rooms);
        using var agents = host.Agents;
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);

        Assert.Null(agents.Find("desk"));
    }

    [Theory]
    [InlineData("mcp: {rooms: {}}", "agent.yaml:7: mcp.rooms: An MCP server has a 'command' that starts it, or a 'url'.")]
    [InlineData("mcp: {rooms: {command: node, url: http://x}}", "agent.yaml:7: mcp.rooms.url: An MCP server has a 'command' that starts it, or a 'url', not both.")]
    [InlineData("mcp: {rooms: {url: ftp://x}}", "agent.yaml:7: mcp.rooms.url: 'ftp://x' is not an address. Allowed: http or https, without a user and a password in it; secrets go into 'headers'.")]
    [InlineData("mcp: {rooms: {url: https://me:pass@x}}", "agent.yaml:7: mcp.rooms.url: 'https://me:pass@x' is not an address. Allowed: http or https, without a user and a password in it; secrets go into 'headers'.")]
    [InlineData("mcp: {rooms: {url: https://x, args: [a]}}", "agent.yaml:7: mcp.rooms.args: Only a server that is started by a 'command' has that.")]
    [InlineData("mcp: {rooms: {command: x, headers: {A: b}}}", "agent.yaml:7: mcp.rooms.headers: Only a server with a 'url' has headers. A program gets what it needs through 'env'.")]
    [InlineData("mcp: {Rooms: {command: x}}", "agent.yaml:7: mcp.Rooms: 'Rooms' is not a name for a source of tools. Allowed: 1 to 32 of a-z, 0-9 and single _ between them, beginning with a letter.")]
    [InlineData("mcp: {rooms: {command: x, timeout: 1h}}", "agent.yaml:7: mcp.rooms.timeout: '1h' is out of range. Allowed: 100ms to 10m.")]
    [InlineData("mcp: {rooms: {comand: x}}", "agent.yaml:7: mcp.rooms.comand: There is no such key. Did you mean 'command'? Allowed: command, args, env, url, headers, timeout, key_argument.")]
    public void AServerThatIsNotWellSaid_IsAProblemWithItsLine(string mcp, string expected)
    {
        Agent("desk", "tools: {look: {description: Looks., tier: read}}\n" + mcp);

        var error = Assert.Throws<AgentsInvalidException>(() => Host(own: false));
        Assert.Contains($"{_root.Name}/desk/{expected}", error.Problems);
    }

    [Fact]
    public void TwoAgentsThatSayOtherThingsOfOneSource_AreRefused()
    {
        Agent("desk", "tools: {look: {description: Looks., tier: read}}\nmcp: {rooms: {command: one}}");
        Agent("shop", "tools: {look: {description: Looks., tier: read}}\nmcp: {rooms: {command: two}}");

        var error = Assert.Throws<AgentsInvalidException>(() => Host(own: false));
        Assert.Equal($"{_root.Name}/shop/agent.yaml:7: mcp.rooms: Another agent, or the program, says something else of the source 'rooms'. Say the same, or rename one: tools of two sources never mix.",
            Assert.Single(error.Problems));
    }

    [Fact]
    public async Task TwoAgentsThatSayTheSameOfOneSource_ShareIt()
    {
        Agent("desk", "tools: {look: {description: Looks., tier: read}}\nmcp: {rooms: {command: one, env: {A: b}}}");
        Agent("shop", "tools: {look: {description: Looks., tier: read}}\nmcp: {rooms: {env: {A: b}, command: one}}");

        await using var host = Host(own: false);
        Assert.Single(host.Sources.Sources.States);
        await host.Sources.Sources.ConnectAsync(CancellationToken.None);
        Assert.Contains("This host reaches no sources of the kind 'mcp'.", host.Sources.Sources.States[0].Problem, StringComparison.Ordinal);
        host.Agents.Dispose();
    }

    private void Agent(string name, string tools) => Write($"{name}/agent.yaml", AgentFiles.Head.Replace("name: desk", $"name: {name}", StringComparison.Ordinal) + tools);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private World Host(bool own = true) => Host(own ? _rooms : null);

    private World Host(FakeSource? source)
    {
        var folders = new AgentFolders([_root.FullName]);
        var sources = new HostToolSources(folders, [], source is null ? [] : [source], [], _clock);
        var tools = new ToolCatalog([new Look()], sources.Sources);
        return new World(sources, tools, new HostAgents(folders, sources, tools, _clock, null));
    }

    private sealed record World(HostToolSources Sources, ToolCatalog Tools, HostAgents Agents) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Sources.DisposeAsync();
    }

    private sealed class Look() : TypedTool<AgentFiles.LookArguments, string>("look")
    {
        protected override Task<ToolResult> ExecuteAsync(AgentFiles.LookArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult(Success("seen"));
    }
}
