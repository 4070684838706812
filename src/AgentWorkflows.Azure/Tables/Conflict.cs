using Azure;

namespace AgentWorkflows.Azure.Tables;

/// <summary>Somebody else was faster: the entity exists already, or has changed since it was read.</summary>
internal static class Conflict
{
    /// <summary>A conflict lets at least one writer through, so that many rounds mean many writers, not a fault.</summary>
    public const int MaxRounds = 500;

    public static bool Is(RequestFailedException failure) => failure.Status is 409 or 412;

    public static Exception TooMany(string what) =>
        new InvalidOperationException($"{what} met {MaxRounds} conflicting writes in a row; the step may run again.");
}
