namespace AgentWorkflows.Connectors.Http;

/// <summary>What a source shows to its server. Thread-safe.</summary>
internal interface IHttpCredentials
{
    /// <exception cref="CredentialsException">They cannot be had now.</exception>
    ValueTask ApplyAsync(HttpRequestMessage message, CancellationToken cancellationToken);

    /// <summary>The server did not take them. True when others may be had, so that asking once more is worth it.</summary>
    bool Forget();

    /// <summary>What is taken out of everything that came back, in case a server repeats what it was shown.</summary>
    IReadOnlyCollection<string> Secrets { get; }
}

/// <summary>Credentials cannot be had. The message is for people and models: it names variables and hosts, never a value.</summary>
internal sealed class CredentialsException(string message, bool isFinal) : Exception(message)
{
    /// <summary>Asking again changes nothing.</summary>
    public bool IsFinal { get; } = isFinal;
}
