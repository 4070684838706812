namespace AgentWorkflows.Models.Plans;

/// <summary>The next rung after a call that did not succeed.</summary>
internal enum NextRung
{
    /// <summary>The model sees what happened and plans again.</summary>
    Replan,

    /// <summary>The plan's other way runs.</summary>
    Alternative,

    /// <summary>A person says whether the session goes on without it.</summary>
    AskPerson,

    /// <summary>The session ends, and what it did is rolled back.</summary>
    Halt,
}

/// <summary>Original way → the plan's alternative → a person → the end, as far as the step asks for it. Pure.</summary>
internal static class Escalation
{
    /// <param name="status">Not <see cref="ObservationStatus.Succeeded"/>.</param>
    /// <param name="ran">False for a call the gate refused: nobody is asked about what nothing was tried of.</param>
    public static NextRung After(OnFailure onFailure, bool hasAlternative, ObservationStatus status, bool ran)
    {
        // A person has decided; nothing goes around that.
        if (status is ObservationStatus.Rejected or ObservationStatus.ApprovalExpired)
        {
            return NextRung.Replan;
        }
        return onFailure switch
        {
            OnFailure.Alternative when hasAlternative => NextRung.Alternative,
            OnFailure.AskHuman when ran => NextRung.AskPerson,
            OnFailure.Halt => NextRung.Halt,
            _ => NextRung.Replan,
        };
    }

    /// <summary>For the timeline.</summary>
    public static string Describe(NextRung step) => step switch
    {
        NextRung.Replan => "the model plans again",
        NextRung.Alternative => "the plan's alternative",
        NextRung.AskPerson => "a person decides whether to go on",
        NextRung.Halt => "the session ends",
        _ => throw new InvalidOperationException($"Unknown escalation {step}."),
    };
}
