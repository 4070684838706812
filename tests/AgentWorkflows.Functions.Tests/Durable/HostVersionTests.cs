using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;
using Metadata = Microsoft.DurableTask.Client.OrchestrationMetadata;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>An instance without a version gets the host's; one that this host is too old for says so.</summary>
public sealed class HostVersionTests
{
    [Fact]
    public async Task NoVersion_IsNotAnEmptyVersion()
    {
        var client = new RecordingClient();

        await new OrchestrationClient(() => client).ScheduleNewOrchestrationInstanceAsync("session", null);
        await new OrchestrationClient(() => client, "2").ScheduleNewOrchestrationInstanceAsync("session", null);
        await new OrchestrationClient(() => client, "2").ScheduleNewOrchestrationInstanceAsync(
            "session", null, new Durability.StartOrchestrationOptions { Version = "1" });

        Assert.Equal([null, "2", "1"], client.Started.Select(start => start.Version?.Version));
        Assert.Equal([0, 1, 1], client.Started.Select(start => start.Tags.Count));
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
        var client = new RecordingClient();
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

    private sealed class RecordingClient() : DurableTaskClient("test")
    {
        public List<Microsoft.DurableTask.StartOrchestrationOptions> Started { get; } = [];

        public override Task<string> ScheduleNewOrchestrationInstanceAsync(
            TaskName orchestratorName, object? input = null, Microsoft.DurableTask.StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
        {
            Started.Add(options!);
            return Task.FromResult("any");
        }

        public override Task<Metadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            Task.FromResult<Metadata?>(new("session", instanceId)
            {
                RuntimeStatus = OrchestrationRuntimeStatus.Running,
                Tags = Started[^1].Tags.ToDictionary(),
            });

        public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task<Metadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task<Metadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override AsyncPageable<Metadata> GetAllInstancesAsync(Microsoft.DurableTask.Client.OrchestrationQuery? filter = null) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => default;
    }
}
