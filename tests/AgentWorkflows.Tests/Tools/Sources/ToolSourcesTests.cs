using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Tests.Tools.Sources;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The sources own them.")]
public sealed class ToolSourcesTests
{
    private readonly SetClock _clock = new();
    private readonly FakeSource _rooms = new("rooms");
    private readonly FakeSource _mail = new("mail");

    [Fact]
    public async Task ASourceThatCannotBeReached_KeepsNoOtherFromBeing_AndIsAskedAgain()
    {
        _mail.Has("send");
        await using var sources = Sources();

        await sources.ConnectAsync(CancellationToken.None);

        Assert.Equal((ToolSourceHealth.Unreachable, "nobody is there."), (sources.OwnerOf("rooms_book")!.Health, sources.OwnerOf("rooms_book")!.Problem));
        Assert.NotNull(sources.Find("mail_send"));
        _rooms.Has("book");
        await sources.ConnectAsync(CancellationToken.None);
        Assert.NotNull(sources.Find("rooms_book"));
        Assert.Equal((2, 1), (_rooms.Asked, _mail.Asked));
    }

    [Fact]
    public async Task OnDemand_ASourceIsAskedAtOnce_ButNotByEverybody()
    {
        await using var sources = Sources();
        await sources.ConnectAsync("rooms_book", CancellationToken.None);
        await sources.ConnectAsync("rooms_book", CancellationToken.None);
        Assert.Equal(1, _rooms.Asked);

        _clock.Now += TimeSpan.FromSeconds(5);
        await sources.ConnectAsync("rooms_book", CancellationToken.None);
        Assert.Equal((2, 0), (_rooms.Asked, _mail.Asked));
    }

    [Fact]
    public async Task ASourceThatSaysItsToolsChanged_IsAskedBeforeTheNextCall()
    {
        _rooms.Has("book");
        await using var sources = Sources();
        IToolCatalog catalog = new ToolCatalog([], sources);
        await sources.ConnectAsync(CancellationToken.None);

        _rooms.Has("cancel");
        _rooms.SayChanged();

        Assert.Null(await catalog.FindAsync("rooms_book", CancellationToken.None));
        Assert.NotNull(catalog.Find("rooms_cancel"));
    }

    [Fact]
    public async Task TroubleLater_IsShown_AndTheToolsStayKnown()
    {
        _rooms.Has("book");
        await using var sources = Sources();
        await sources.ConnectAsync(CancellationToken.None);

        _rooms.Trouble = "it ended.";

        var state = sources.OwnerOf("rooms_book")!;
        Assert.Equal((ToolSourceHealth.Unreachable, "it ended.", true), (state.Health, state.Problem, state.HasTools));
    }

    [Fact]
    public async Task Disposed_EverySourceIs()
    {
        await Sources().DisposeAsync();

        Assert.True(_rooms.Disposed && _mail.Disposed);
    }

    [Fact]
    public async Task AToolOfTheProgramThatCouldBeASources_IsRefused()
    {
        await using var sources = Sources();

        var error = Assert.Throws<ArgumentException>(() => new ToolCatalog([FakeSource.Tool("rooms", "extra")], sources));
        Assert.Contains("The tool 'rooms_extra' of the program could be mistaken for one of the fake source 'rooms'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SourcesThatOverlap_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new ToolSources([_rooms, new FakeSource("rooms_old")], _clock, NullLogger<ToolSources>.Instance));

    [Fact]
    public async Task ACallOfASourceThatIsAway_WasNotSent_AndIsSafeToRetry()
    {
        await using var sources = Sources();
        var contract = new ToolContract { Name = "rooms_book", Implementation = "rooms_book", Description = "", Parameters = JsonElement.Parse("{}") };
        var runner = new ToolRunner(new ToolCatalog([], sources), _clock, NullLogger<ToolRunner>.Instance);

        var run = await runner.RunAsync(contract, new ToolInvocation("s", "rooms_book", JsonElement.Parse("{}"), "k"), null, CancellationToken.None);

        Assert.Equal(ActionOutcome.NotDone, run.Action);
        Assert.True(Assert.IsType<ToolResult.Failure>(run.Result) is { Kind: ToolFailureKind.Transient, RetrySafe: true, Effect: FailedEffect.None });
    }

    private ToolSources Sources() => new([_rooms, _mail], _clock, NullLogger<ToolSources>.Instance);
}
