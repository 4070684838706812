using AgentWorkflows.Guards;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class CircuitBreakerTests
{
    private readonly SetClock _clock = new();
    private readonly CircuitBreakers _breakers;

    public CircuitBreakerTests() => _breakers = new CircuitBreakers(_clock);

    [Fact]
    public void FiveFailuresInARow_OpenIt_ForSixtySeconds()
    {
        Fail(4);
        _breakers.Record("a", true);
        Fail(4);
        Assert.Null(_breakers.TryEnter("a"));
        Fail(1);

        Assert.Equal(TimeSpan.FromSeconds(60), _breakers.TryEnter("a"));
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(TimeSpan.FromSeconds(1), _breakers.TryEnter("a"));
        Assert.Null(_breakers.TryEnter("b"));
    }

    [Fact]
    public void AfterThat_OneProbeAtATime_AndTwoSuccessesCloseIt()
    {
        Fail(5);
        _clock.Now += TimeSpan.FromSeconds(60);

        Assert.Null(_breakers.TryEnter("a"));
        Assert.NotNull(_breakers.TryEnter("a"));
        _breakers.Record("a", true);
        Assert.Equal(BreakerPhase.HalfOpen, _breakers.Unhealthy["a"].Phase);
        Assert.Null(_breakers.TryEnter("a"));
        Assert.NotNull(_breakers.TryEnter("a"));
        _breakers.Record("a", true);

        Assert.Empty(_breakers.Unhealthy);
        Assert.Null(_breakers.TryEnter("a"));
        Assert.Null(_breakers.TryEnter("a"));
    }

    [Fact]
    public void AProbeThatFails_OpensItAgain()
    {
        Fail(5);
        _clock.Now += TimeSpan.FromSeconds(60);
        Assert.Null(_breakers.TryEnter("a"));
        Fail(1);

        Assert.Equal(TimeSpan.FromSeconds(60), _breakers.TryEnter("a"));
    }

    [Fact]
    public void AProbeThatNeverComesBack_MakesRoomForAnother()
    {
        Fail(5);
        _clock.Now += TimeSpan.FromSeconds(60);
        Assert.Null(_breakers.TryEnter("a"));
        _clock.Now += TimeSpan.FromSeconds(60);

        Assert.Null(_breakers.TryEnter("a"));
    }

    [Fact]
    public void AnAnswerFromBeforeItOpened_ChangesNothing_AndAClockSetBackDoesNotLockIt()
    {
        Fail(5);
        _breakers.Record("a", true);
        _clock.Now -= TimeSpan.FromHours(5);

        Assert.Equal(TimeSpan.FromSeconds(60), _breakers.TryEnter("a"));
    }

    [Fact(Timeout = 30_000)]
    public async Task UnderConcurrency_OneProbeGetsThrough()
    {
        Fail(5);
        _clock.Now += TimeSpan.FromSeconds(60);

        var entered = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _breakers.TryEnter("a") is null)));

        Assert.Single(entered, true);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _breakers.Record("a", false);
        }
    }
}
