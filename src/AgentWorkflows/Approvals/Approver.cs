namespace AgentWorkflows.Approvals;

/// <summary>Names of people who approve, usually their e-mail addresses. Pure.</summary>
public static class Approver
{
    public const int MaxLength = 200;

    /// <summary>The one spelling of a name: without space around it, in lower case. Two names of the same spelling are the same person.</summary>
    public static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Trim().ToLowerInvariant();
    }

    public static bool Same(string one, string other) => string.Equals(Normalize(one), Normalize(other), StringComparison.Ordinal);
}
