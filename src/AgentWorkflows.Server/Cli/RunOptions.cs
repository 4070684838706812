using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

internal enum ApproveMode
{
    /// <summary>Ask the person at the terminal; without one, leave the session waiting.</summary>
    Ask,
    Auto,
    Deny,
}

/// <param name="DataHint">What a further command needs so that it works on the same data.</param>
internal sealed record RunOptions(StartSessionRequest? Start, string? Resume, ApproveMode Approve, string User, bool Json, string DataHint);
