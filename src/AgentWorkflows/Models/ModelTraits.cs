namespace AgentWorkflows.Models;

/// <summary>What a session has to know of a model beyond that it answers.</summary>
public sealed record ModelTraits
{
    /// <summary>What a model has that says nothing else.</summary>
    public static ModelTraits LanguageModel { get; } = new();

    /// <summary>
    /// It follows a script, as the offline playbook does: it reads the whole conversation, so none of it is put in few words; it names no facts, judges no goal, and what it
    /// answers is final, not a draft for another deployment. Default: no.
    /// </summary>
    public bool IsScripted { get; init; }
}
