using System.Text.Json;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class ToolTrafficTests
{
    private readonly SetClock _clock = new();
    private readonly ToolTraffic _traffic;

    public ToolTrafficTests() => _traffic = new ToolTraffic(_clock);

    [Fact]
    public void ARateLimit_HoldsInEveryMinute_NotOnlyInFullOnes()
    {
        var contract = Contract("pay") with { MaxCallsPerMinute = 2 };
        Assert.Null(_traffic.Admit(contract));
        _clock.Now += TimeSpan.FromSeconds(40);
        Assert.Null(_traffic.Admit(contract));
        _clock.Now += TimeSpan.FromSeconds(10);

        var refused = _traffic.Admit(contract)!;

        Assert.Equal((ToolFailureKind.RateLimited, true, TimeSpan.FromSeconds(10)), (refused.Kind, refused.RetrySafe, refused.RetryAfter));
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.Null(_traffic.Admit(contract));
        Assert.Equal(TimeSpan.FromSeconds(40), _traffic.Admit(contract)!.RetryAfter);
    }

    [Fact]
    public void TwoAgentsThatUseOneImplementation_ShareItsLimit()
    {
        Assert.Null(_traffic.Admit(Contract("pay") with { MaxCallsPerMinute = 1 }));
        Assert.NotNull(_traffic.Admit(Contract("pay") with { Name = "refund", MaxCallsPerMinute = 1 }));
        Assert.Null(_traffic.Admit(Contract("look")));
    }

    [Fact(Timeout = 30_000)]
    public async Task UnderConcurrency_TheLimitIsMetExactly()
    {
        var contract = Contract("pay") with { MaxCallsPerMinute = 50 };

        var admitted = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(() => _traffic.Admit(contract) is null)));

        Assert.Equal(50, admitted.Count(yes => yes));
    }

    [Fact]
    public void ABrokenTool_IsLeftAlone_AndSaysForHowLong()
    {
        var contract = Contract("pay");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(_traffic.Admit(contract));
            _traffic.Record(contract, healthy: false);
        }

        var refused = _traffic.Admit(contract)!;

        Assert.Equal((ToolFailureKind.Transient, true, TimeSpan.FromSeconds(60)), (refused.Kind, refused.RetrySafe, refused.RetryAfter));
    }

    private static ToolContract Contract(string name) => new()
    {
        Name = name,
        Implementation = name,
        Description = name,
        Parameters = JsonElement.Parse("""{"type":"object"}"""),
    };
}
