using System.Security.Cryptography;

namespace AgentWorkflows.Words;

/// <summary>New ids. Injected so that tests can choose them. Thread-safe.</summary>
internal class IdSource
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 16;

    /// <summary>16 characters without look-alikes, about 79 random bits, from the operating system's generator.</summary>
    public virtual string NewSessionId() => "s-" + RandomNumberGenerator.GetString(Alphabet, Length);

    public virtual string NewDecisionId() => "d-" + RandomNumberGenerator.GetString(Alphabet, Length);
}
