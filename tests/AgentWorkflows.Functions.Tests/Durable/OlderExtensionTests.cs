using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>Versions of the extension whose client hands no histories out.</summary>
public sealed class OlderExtensionTests
{
    [Fact]
    public async Task An_instance_is_terminated_though_nobody_knows_its_children()
    {
        var client = new ClientWithoutHistories();

        var outcome = await new OrchestrationClient(() => client).TerminateInstanceAsync("s-1", "enough");

        Assert.Equal((CommandOutcome.Accepted, "s-1"), (outcome, Assert.Single(client.Terminated)));
    }

    private sealed class ClientWithoutHistories() : DurableTaskClient("test")
    {
        public List<string> Terminated { get; } = [];

        public override Task<Microsoft.DurableTask.Client.OrchestrationMetadata?> GetInstancesAsync(
            string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            Task.FromResult<Microsoft.DurableTask.Client.OrchestrationMetadata?>(
                new("any", instanceId) { RuntimeStatus = OrchestrationRuntimeStatus.Running });

        public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
        {
            Terminated.Add(instanceId);
            return Task.CompletedTask;
        }

        public override Task<string> ScheduleNewOrchestrationInstanceAsync(
            TaskName orchestratorName, object? input = null, Microsoft.DurableTask.StartOrchestrationOptions? options = null,
            CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task<Microsoft.DurableTask.Client.OrchestrationMetadata> WaitForInstanceStartAsync(
            string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<Microsoft.DurableTask.Client.OrchestrationMetadata> WaitForInstanceCompletionAsync(
            string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override AsyncPageable<Microsoft.DurableTask.Client.OrchestrationMetadata> GetAllInstancesAsync(
            Microsoft.DurableTask.Client.OrchestrationQuery? filter = null) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => default;
    }
}
