using AgentWorkflows.Models;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class QualityBreakersTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void FiveBadOfTen_Open_AndTwoGoodProbes_Close()
    {
        var breakers = new QualityBreakers(_clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(breakers.TryEnter("m"));
            breakers.Record("m", good: true);
            breakers.Record("m", good: false);
        }

        Assert.Equal(TimeSpan.FromSeconds(60), breakers.TryEnter("m"));
        Assert.Null(breakers.TryEnter("other"));
        _clock.Now += TimeSpan.FromSeconds(60);
        Assert.Null(breakers.TryEnter("m"));
        Assert.NotNull(breakers.TryEnter("m"));
        breakers.Record("m", good: true);
        Assert.Null(breakers.TryEnter("m"));
        breakers.Record("m", good: true);
        Assert.Empty(breakers.Unhealthy);
        breakers.Record("m", good: false);
        Assert.Null(breakers.TryEnter("m"));
    }

    [Fact]
    public void ABadProbe_OpensItAgain()
    {
        var breakers = new QualityBreakers(_clock);
        Enumerable.Range(0, 5).ToList().ForEach(_ => breakers.Record("m", good: false));
        _clock.Now += TimeSpan.FromSeconds(60);

        Assert.Null(breakers.TryEnter("m"));
        breakers.Record("m", good: false);

        Assert.Equal(TimeSpan.FromSeconds(60), breakers.TryEnter("m"));
    }

    [Fact]
    public void FewBadAmongMany_OrBadLongAgo_DoNotOpenIt()
    {
        var breakers = new QualityBreakers(_clock);
        for (var i = 0; i < 20; i++)
        {
            breakers.Record("many", good: i % 3 != 0);
            breakers.Record("slow", good: false);
            _clock.Now += TimeSpan.FromSeconds(i % 2 == 0 ? 0 : 151);
        }

        Assert.Empty(breakers.Unhealthy);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
