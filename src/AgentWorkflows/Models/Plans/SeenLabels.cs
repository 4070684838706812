using AgentWorkflows.Tools;

namespace AgentWorkflows.Models.Plans;

/// <summary>
/// Which tools gave labelled data to the planner, of the whole session: what a summary has put in few words, what a fork has taken over and what was withheld from the planner
/// counts too, because nothing that was once read can be told to be forgotten.
/// </summary>
/// <param name="Untrusted">Names of tools, sorted.</param>
/// <param name="Confidential">Names of tools, sorted.</param>
internal sealed record SeenLabels(IReadOnlyList<string> Untrusted, IReadOnlyList<string> Confidential)
{
    public static readonly SeenLabels None = new([], []);

    public DataLabels Labels =>
        (Untrusted.Count > 0 ? DataLabels.Untrusted : DataLabels.None) | (Confidential.Count > 0 ? DataLabels.Confidential : DataLabels.None);

    public static SeenLabels Of(IEnumerable<Observation> observations)
    {
        var seen = observations.Where(observation => observation.Labels != DataLabels.None).ToList();
        return seen.Count == 0 ? None : new SeenLabels(Tools(seen, DataLabels.Untrusted), Tools(seen, DataLabels.Confidential));
    }

    /// <summary>Whether a result, or the words of a failure, came from the tool; what the gate, a person or the plan's order said of a call did not.</summary>
    public static DataLabels LabelsOf(ToolContract contract, ObservationStatus status) =>
        status is ObservationStatus.Succeeded or ObservationStatus.CriteriaFailed or ObservationStatus.Failed ? contract.Labels : DataLabels.None;

    private static IReadOnlyList<string> Tools(IEnumerable<Observation> seen, DataLabels label) =>
        [.. seen.Where(observation => observation.Labels.HasFlag(label)).Select(observation => observation.Tool).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
