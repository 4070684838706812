using System.Threading.Channels;
using AgentWorkflows.Engine.Tests;
using AgentWorkflows.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Tests.Hosting;

/// <summary>What happens though nobody asks goes on happening, and ends when the host does.</summary>
public sealed class MaintenanceLoopTests
{
    private const int Timeout = 60_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _rounds = Channel.CreateUnbounded<string>();

    [Fact(Timeout = Timeout)]
    public async Task AJob_RunsAtOnce_AndThenInEachInterval()
    {
        await using var loop = Loop(Job("often"));

        loop.Start();
        Assert.Equal("often", await NextAsync());
        await AdvanceUntilAsync("often");
    }

    [Fact(Timeout = Timeout)]
    public async Task AJobThatIsNotForTheStart_WaitsForItsFirstInterval()
    {
        await using var loop = Loop(Job("often"), Job("late") with { AtOnce = false, Interval = Interval * 3 });

        loop.Start();
        Assert.Equal("often", await NextAsync());
        Assert.False(_rounds.Reader.TryRead(out _));
        await AdvanceUntilAsync("late");
    }

    [Fact(Timeout = Timeout)]
    public async Task ARoundThatFails_DoesNotEndTheJob()
    {
        var failed = false;
        await using var loop = Loop(Job("fails") with
        {
            RunAsync = token =>
            {
                var first = !failed;
                failed = true;
                return first ? throw new InvalidOperationException("once") : _rounds.Writer.WriteAsync("again", token).AsTask();
            },
        });

        loop.Start();
        await AdvanceUntilAsync("again");
    }

    [Fact(Timeout = Timeout)]
    public async Task Disposing_EndsARoundThatRuns_AndWaitsForIt()
    {
        var ended = false;
        var loop = Loop(Job("long") with
        {
            RunAsync = async token =>
            {
                await _rounds.Writer.WriteAsync("long", token);
                try
                {
                    await Task.Delay(System.Threading.Timeout.Infinite, token);
                }
                finally
                {
                    ended = true;
                }
            },
        });
        loop.Start();
        await NextAsync();

        await loop.DisposeAsync();

        Assert.True(ended);
        await loop.DisposeAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task Starting_Twice_IsRefused()
    {
        await using var loop = Loop();
        loop.Start();

        Assert.Throws<InvalidOperationException>(loop.Start);
    }

    private MaintenanceJob Job(string name) => new(name, name, Interval, token => _rounds.Writer.WriteAsync(name, token).AsTask());

    private MaintenanceLoop Loop(params MaintenanceJob[] jobs) => new(jobs, _time, NullLogger<MaintenanceLoop>.Instance);

    private ValueTask<string> NextAsync() => _rounds.Reader.ReadAsync();

    /// <summary>A timer may be waited for only after the clock has moved on, so it moves on until the round has come.</summary>
    private async Task AdvanceUntilAsync(string round)
    {
        while (true)
        {
            _time.Advance(Interval);
            while (_rounds.Reader.TryRead(out var ran))
            {
                if (ran == round)
                {
                    return;
                }
            }
            await Task.Yield();
        }
    }
}
