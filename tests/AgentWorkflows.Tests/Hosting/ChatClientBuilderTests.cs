using AgentWorkflows.Connectors;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Tests.Hosting;

/// <summary>A program's own chat clients.</summary>
public sealed class ChatClientBuilderTests
{
    [Fact]
    public void AClient_AnswersForItsName_AndForDefaultWhereItIsTheOnlyOne()
    {
        using var services = Builder().AddChatClient("claude", _ => new Silent()).Services.BuildServiceProvider();

        var models = services.GetRequiredService<IChatModelCatalog>();

        Assert.Equal("claude", models.Resolve("default"));
        Assert.NotNull(models.Find("claude"));
        Assert.Null(models.ProblemOf("claude/other-model"));
    }

    [Fact]
    public void TheClient_IsMadeOnce_WithTheProgramsServices()
    {
        var made = 0;
        var builder = Builder().AddChatClient("claude", services =>
        {
            made++;
            return services.GetRequiredService<Silent>();
        });
        builder.Services.AddSingleton<Silent>();
        using var services = builder.Services.BuildServiceProvider();

        services.GetRequiredService<IChatModelCatalog>().Find("claude");
        services.GetRequiredService<IChatModelCatalog>().Find("claude");

        Assert.Equal(1, made);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Claude")]
    [InlineData("a/b")]
    public void ANameThatIsNone_IsRefusedAtOnce(string name) =>
        Assert.Contains("Allowed: 1 to 32 of a-z, 0-9 and -.", Assert.Throws<ArgumentException>(() => Builder().AddChatClient(name, _ => new Silent())).Message, StringComparison.Ordinal);

    [Fact]
    public void TwoOfOneName_AreRefused() =>
        Assert.Throws<ArgumentException>(() => Builder().AddChatClient("claude", _ => new Silent()).AddChatClient("claude", _ => new Silent()));

    private static IAgentWorkflowsBuilder Builder()
    {
        var builder = new ServiceCollection().AddAgentWorkflows(new ConfigurationBuilder().Build());
        builder.Services.AddSingleton<IPlaybooks, NoPlaybooks>();
        return builder;
    }

    /// <summary>Sessions have them in their store, which nothing here needs.</summary>
    private sealed class NoPlaybooks : IPlaybooks
    {
        public Task<AgentPlaybook?> FindAsync(string snapshotHash, CancellationToken cancellationToken) => Task.FromResult<AgentPlaybook?>(null);
    }

    private sealed class Silent : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
