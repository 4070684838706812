using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask.Client;
using Moq;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>Versions of the extension whose client hands no histories out.</summary>
public sealed class OlderExtensionTests
{
    [Fact]
    public async Task An_instance_is_terminated_though_nobody_knows_its_children()
    {
        // What is not set up is refused, as the client's own default refuses to hand histories out.
        var client = new Mock<DurableTaskClient>(MockBehavior.Strict, "test");
        client.Setup(asked => asked.GetInstanceAsync("s-1", It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Microsoft.DurableTask.Client.OrchestrationMetadata("any", "s-1") { RuntimeStatus = OrchestrationRuntimeStatus.Running });
        client.Setup(asked => asked.GetOrchestrationHistoryAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).CallBase();
        client.Setup(asked => asked.TerminateInstanceAsync("s-1", It.IsAny<TerminateInstanceOptions?>(), It.IsAny<CancellationToken>()))
            .Returns(Task.CompletedTask);

        var outcome = await new OrchestrationClient(() => client.Object).TerminateInstanceAsync("s-1", "enough");

        Assert.Equal(CommandOutcome.Accepted, outcome);
        client.Verify(asked => asked.TerminateInstanceAsync("s-1", It.IsAny<TerminateInstanceOptions?>(), It.IsAny<CancellationToken>()), Times.Once);
    }
}
