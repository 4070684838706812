namespace AgentWorkflows.Models.Plans;

/// <summary>What a plan may say it relies on. Pure.</summary>
internal static class ReliedFacts
{
    /// <returns>Why the list itself cannot be used, written for the model; <c>null</c> when it can.</returns>
    public static string? ProblemOf(IReadOnlyList<ReliedFact>? facts) => facts switch
    {
        null => null,
        { Count: > ReliedFact.MaxCount } => $"reliesOn names {facts.Count} facts; at most {ReliedFact.MaxCount} are allowed. Name those that matter.",
        _ => facts.Any(fact => fact.Path.Length > ReliedFact.MaxPathLength || fact.Value.GetRawText().Length > ReliedFact.MaxValueLength)
            ? $"A fact of reliesOn is too long: paths have at most {ReliedFact.MaxPathLength} characters, values {ReliedFact.MaxValueLength}. Name a single value."
            : null,
    };
}
