using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>An instance without a version gets the host's; one that this host is too old for says so.</summary>
public sealed class HostVersionTests
{
    [Fact]
    public async Task NoVersion_IsNotAnEmptyVersion()
    {
        var (client, started) = Recording();

        await new OrchestrationClient(() => client).ScheduleNewOrchestrationInstanceAsync("session", null);
        await new OrchestrationClient(() => client, "2").ScheduleNewOrchestrationInstanceAsync("session", null);
        await new OrchestrationClient(() => client, "2").ScheduleNewOrchestrationInstanceAsync(
            "session", null, new Durability.StartOrchestrationOptions { Version = "1" });

        Assert.Equal([null, "2", "1"], started.Select(start => start.Version?.Version));
        Assert.Equal([0, 1, 1], started.Select(start => start.Tags.Count));
    }

    [Theory]
    [InlineData("2", "1", true)]
    [InlineData("10", "9", true)]
    [InlineData("1.10", "1.9", true)]
    [InlineData("1", "1", false)]
    [InlineData("1", "2", false)]
    [InlineData("", "1", false)]
    [InlineData("2", null, false)]
    public void AVersion_IsNewerByNumber(string version, string? host, bool newer) => Assert.Equal(newer, HostVersion.IsNewer(version, host));

    [Fact]
    public async Task AnInstanceOfANewerVersion_AwaitsANewerHost()
    {
        var (client, _) = Recording();
        await new OrchestrationClient(() => client, "2").ScheduleNewOrchestrationInstanceAsync("session", null);

        var older = await new OrchestrationClient(() => client, "1").GetInstanceAsync("any");
        var same = await new OrchestrationClient(() => client, "2").GetInstanceAsync("any");

        Assert.Equal((true, "2"), (older!.AwaitsNewerHost, older.Version));
        Assert.False(same!.AwaitsNewerHost);
    }

    [Fact]
    public void TheAppsOwnHostJson_HasAVersion() => Assert.Equal("1", HostVersion.Read(AppContext.BaseDirectory));

    [Fact]
    public void AFolderWithoutHostJson_HasNone() => Assert.Null(HostVersion.Read(Path.Combine(AppContext.BaseDirectory, "nowhere")));

    /// <summary>A client that keeps what it was asked to start, and shows it as running.</summary>
    private static (DurableTaskClient Client, List<Microsoft.DurableTask.StartOrchestrationOptions> Started) Recording()
    {
        var started = new List<Microsoft.DurableTask.StartOrchestrationOptions>();
        var client = new Mock<DurableTaskClient>(MockBehavior.Strict, "test");
        client.Setup(asked => asked.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<Microsoft.DurableTask.StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .Callback((TaskName _, object? _, Microsoft.DurableTask.StartOrchestrationOptions? options, CancellationToken _) => started.Add(options!))
            .ReturnsAsync("any");
        client.Setup(asked => asked.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, bool _, CancellationToken _) => new Microsoft.DurableTask.Client.OrchestrationMetadata("session", id)
            {
                RuntimeStatus = OrchestrationRuntimeStatus.Running,
                Tags = started[^1].Tags.ToDictionary(),
            });
        return (client.Object, started);
    }
}
