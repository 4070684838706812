using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Costs;

[NoStorage]
public sealed class ScopeShardsTests
{
    private static readonly string[] Four = ["p0", "p1", "p2", "p3"];

    [Fact]
    public void Shares_AddUpToTheLimit()
    {
        for (var limit = 0L; limit < 50; limit++)
        {
            Assert.Equal(limit, Enumerable.Range(0, 4).Sum(shard => ScopeShards.Share(limit, 4, shard)));
        }
    }

    [Fact]
    public void Place_GoesOnToTheNextShardWithRoom() =>
        Assert.Equal([new ScopePart("p3", "s", 20, 25)], ScopeShards.Place(new CostCap("s", 100), 20, Four, [0, 10, 25, 0], first: 2));

    [Fact]
    public void Place_OfMoreThanAnyShardHas_TakesFromSeveral()
    {
        var parts = ScopeShards.Place(new CostCap("s", 100), 60, Four, [20, 0, 0, 10], first: 1)!;

        Assert.Equal([("p1", 25L), ("p2", 25L), ("p3", 10L)], parts.Select(part => (part.Partition, part.Micros)));
    }

    [Fact]
    public void Place_ToExactlyTheLimit_FindsTheLastMicro()
    {
        Assert.Equal(3, ScopeShards.Place(new CostCap("s", 103), 3, Four, [25, 25, 25, 25], first: 0)!.Sum(part => part.Micros));
        Assert.Null(ScopeShards.Place(new CostCap("s", 103), 4, Four, [25, 25, 25, 25], first: 0));
    }

    [Fact]
    public void Place_WhenALoweredLimitIsPassedAlready_RefusesAlthoughAShardHasRoom() =>
        Assert.Null(ScopeShards.Place(new CostCap("s", 100), 1, Four, [120, 0, 0, 0], first: 2));

    [Theory]
    [InlineData(70, 50, 20)]
    [InlineData(50, 50, 0)]
    [InlineData(10, 10, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(100, 70, 30)]
    public void Resize_KeepsTheFirstPartsAndPutsMoreOnTheFirst(long micros, long first, long second)
    {
        ScopePart[] parts = [new("p0", "s", 50, 99), new("p1", "s", 30, 99), new("q", "t", 80, 99)];

        Assert.Equal([first, second, micros], ScopeShards.Resize(parts, micros).Select(part => part.Micros));
    }
}
