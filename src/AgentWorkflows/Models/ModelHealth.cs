using AgentWorkflows.Guards;

namespace AgentWorkflows.Models;

/// <summary>How the deployments are doing, as all sessions of this process have seen it. In memory: after a restart all are healthy. Thread-safe.</summary>
/// <param name="opened">Told the kind of a breaker that opens, as in <see cref="OpenBreaker"/>, and the deployment.</param>
internal sealed class ModelHealth(TimeProvider time, BreakerOptions? calls = null, QualityOptions? quality = null, Action<string, string>? opened = null)
{
    /// <summary>Whether a deployment answers. By deployment.</summary>
    public CircuitBreakers Calls { get; } = new(time, calls, deployment => opened?.Invoke(OpenBreaker.Deployment, deployment));

    /// <summary>Whether what it answers is of use. By deployment.</summary>
    public QualityBreakers Quality { get; } = new(time, quality, deployment => opened?.Invoke(OpenBreaker.Quality, deployment));

    /// <returns>Why the call is not made now; <c>null</c> when it is made, and <see cref="Calls"/> is told how it went.</returns>
    public OpenBreaker? TryEnter(string deployment)
    {
        if (Calls.TryEnter(deployment) is { } callWait)
        {
            return new OpenBreaker(OpenBreaker.Deployment, callWait);
        }
        if (Quality.TryEnter(deployment) is { } qualityWait)
        {
            // The way in was taken and is not used: given back as it was found, by an outcome that says the deployment is there.
            Calls.Record(deployment, success: true);
            return new OpenBreaker(OpenBreaker.Quality, qualityWait);
        }
        return null;
    }
}

/// <param name="Kind"><c>deployment</c> or <c>quality</c>.</param>
/// <param name="Wait">Until it lets a probe through.</param>
internal sealed record OpenBreaker(string Kind, TimeSpan Wait)
{
    public const string Deployment = "deployment";

    public const string Quality = "quality";
}
