namespace AgentWorkflows.Server.Cli;

/// <summary>What scripts can branch on; part of the command line's contract.</summary>
internal static class ExitCodes
{
    public const int Completed = 0;

    /// <summary>Failed, halted, rejected, rolled back, or the command could not do its work.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>The session waits, durably, for a person.</summary>
    public const int WaitingForApproval = 3;

    /// <summary>An eval says nothing of the agent, because a model's endpoint, the judge or the budget did not let it.</summary>
    public const int NotScored = 4;

    /// <summary>Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}
