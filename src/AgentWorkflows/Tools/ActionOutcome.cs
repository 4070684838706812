namespace AgentWorkflows.Tools;

/// <summary>What is known of a call's effect.</summary>
public enum ActionOutcome
{
    /// <summary>Registered; whether the action took effect is not known (it may be running, or a crash cut it off).</summary>
    Unknown,
    Done,

    /// <summary>The tool answered that nothing changed; there is nothing to compensate.</summary>
    NotDone,
}
