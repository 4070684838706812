using AgentWorkflows.Models;

namespace AgentWorkflows.Evals;

/// <summary>The models of one trial, watched: an endpoint that is dead is not the agent's failure. Thread-safe.</summary>
internal sealed class TrialModels(IChatModelCatalog inner) : IChatModelCatalog
{
    /// <summary>In a row, of calls that another try might have helped.</summary>
    private const int MaxFailures = 3;

    private readonly TaskCompletionSource<string> _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>Completes, with the reason, when no model answers.</summary>
    public Task<string> Dead => _dead.Task;

    public string? DefaultFallback => inner.DefaultFallback;

    public string Resolve(string deployment) => inner.Resolve(deployment);

    public string? ProblemOf(string deployment) => inner.ProblemOf(deployment);

    public string Describe(string deployment) => inner.Describe(deployment);

    public IChatModel? Find(string deployment)
    {
        if (inner.Find(deployment) is { } model)
        {
            return new Watched(this, model, deployment);
        }
        _dead.TrySetResult($"There is no deployment '{deployment}'.");
        return null;
    }

    private void Saw(ChatResult result, string deployment)
    {
        switch (result)
        {
            case ChatResult.Failed { Kind: ChatFailureKind.Unauthorized or ChatFailureKind.UnknownDeployment or ChatFailureKind.QuotaExhausted } failed:
                _dead.TrySetResult($"{deployment}: {failed.Message}");
                break;
            case ChatResult.Failed { Kind: ChatFailureKind.Unavailable or ChatFailureKind.Timeout or ChatFailureKind.CutOff or ChatFailureKind.RateLimited } failed
                when Interlocked.Increment(ref _failures) >= MaxFailures:
                _dead.TrySetResult($"{deployment}: {failed.Message}");
                break;
            case ChatResult.Completed:
                Interlocked.Exchange(ref _failures, 0);
                break;
        }
    }

    private sealed class Watched(TrialModels models, IChatModel inner, string deployment) : IChatModel
    {
        public string Provider => inner.Provider;

        public ModelTraits Traits => inner.Traits;

        public async Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
        {
            var result = await inner.CompleteAsync(request, cancellationToken);
            models.Saw(result, deployment);
            return result;
        }
    }
}
