namespace AgentWorkflows.AspNetCore.Security;

/// <summary>What an API key may do.</summary>
[Flags]
internal enum ApiRoles
{
    None = 0,

    /// <summary>Look at the key's user's own sessions.</summary>
    Read = 1,

    /// <summary>Start sessions for the key's user.</summary>
    Start = 2,

    /// <summary>See and decide, as the key's user, what waits for that user.</summary>
    Approve = 4,

    /// <summary>See and end everybody's sessions, and act in the name of other users.</summary>
    Operate = 8,
}
