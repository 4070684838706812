using AgentWorkflows.Models;

namespace AgentWorkflows.Testing;

/// <summary>Models that crash their caller before or after a call.</summary>
/// <param name="resolved">What every name stands for; default: the script's.</param>
public sealed class CrashingModels(ScriptedChatModel inner, CrashPoints points, string? resolved = null) : IChatModelCatalog, IChatModel
{
    public ModelTraits Traits => resolved is null ? inner.Traits : ModelTraits.LanguageModel;

    public Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken) =>
        points.AroundAsync("model", () => inner.CompleteAsync(request, cancellationToken));

    public IChatModel? Find(string deployment) => this;

    public string Resolve(string deployment) => resolved ?? inner.Resolve(deployment);

    public string Describe(string deployment) => inner.Describe(deployment);
}
