using AgentWorkflows.Operations;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="IDailyClaims"/> promises.</summary>
public abstract class DailyClaimsConformance(Func<Task<StoreUnderTest<IDailyClaims>>> open) : StoreConformance<IDailyClaims>(open)
{
    private static readonly DateOnly Day = new(2026, 11, 20);
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Fact(Timeout = TestTimeout)]
    public async Task Take_WhileHeld_IsRefusedUntilTheClaimEnds()
    {
        Assert.Equal(DailyClaim.Taken, await TakeAsync(Noon));
        Assert.Equal(DailyClaim.Held, await TakeAsync(Noon));
        Assert.Equal(DailyClaim.Held, await TakeAsync(Noon + Hold - TimeSpan.FromSeconds(1)));

        Assert.Equal(DailyClaim.Taken, await TakeAsync(Noon + Hold));

        Assert.Equal(DailyClaim.Held, await TakeAsync(Noon + Hold));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Take_OfWorkThatIsDone_IsRefusedForGood_AlsoAfterReopening()
    {
        await TakeAsync(Noon);
        await Store.CompleteAsync("report:mail", Day, Noon, None);
        await Store.CompleteAsync("report:mail", Day, Noon, None);
        await ReopenAsync();

        Assert.Equal(DailyClaim.Done, await TakeAsync(Noon.AddDays(3)));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Claims_OfOtherWorkAndOtherDays_AreTheirOwn()
    {
        await TakeAsync(Noon);

        Assert.Equal(DailyClaim.Taken, await Store.TryTakeAsync("report:teams", Day, Noon, Hold, None));
        Assert.Equal(DailyClaim.Taken, await Store.TryTakeAsync("report:mail", Day.AddDays(1), Noon, Hold, None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Take_ByManyAtOnce_IsAnsweredTakenOnce_AlsoWhenAnEarlierClaimHasEnded()
    {
        foreach (var now in new[] { Noon, Noon + Hold })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TakeAsync(now))));

            Assert.Single(answers, DailyClaim.Taken);
        }
    }

    private Task<DailyClaim> TakeAsync(DateTimeOffset now) => Store.TryTakeAsync("report:mail", Day, now, Hold, None);
}
