using AgentWorkflows.Words;

namespace AgentWorkflows.Approvals;

/// <summary>Names of people who approve, usually their e-mail addresses. Pure.</summary>
internal static class Approver
{
    public const int MaxLength = PersonName.MaxLength;

    /// <summary>The one spelling of a name, as <see cref="PersonName"/> says; one that has none stays as it is and is refused where somebody decides under it.</summary>
    public static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PersonName.Normalize(name) ?? name;
    }

    public static bool Same(string one, string other) => string.Equals(Normalize(one), Normalize(other), StringComparison.Ordinal);
}
