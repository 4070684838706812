using AgentWorkflows.Planning;

namespace AgentWorkflows.TestSupport;

/// <summary>Models that crash their caller before or after a call.</summary>
public sealed class CrashingModels(ScriptedChatModel inner, CrashPoints points) : IChatModelCatalog, IChatModel
{
    public Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken) =>
        points.AroundAsync("model", () => inner.CompleteAsync(request, cancellationToken));

    public IChatModel? Find(string deployment) => this;

    public string Resolve(string deployment) => inner.Resolve(deployment);

    public string Describe(string deployment) => inner.Describe(deployment);
}
