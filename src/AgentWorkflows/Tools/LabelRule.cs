using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>
/// What labels on the data a plan was made from mean for a call of that plan. Coarse on purpose: a plan is made from everything its planner was shown, and nobody can tell
/// which of it an argument comes from. Pure.
/// </summary>
internal static class LabelRule
{
    /// <summary>
    /// What the results of a tool are labelled: what its file says on top of what its source says. <c>confidential</c> is added and never taken away; <c>untrusted</c> is taken
    /// away by a person who writes <c>trusted</c>.
    /// </summary>
    public static DataLabels Of(DataLabels source, DataLabels file, bool trusted) => (trusted ? source & ~DataLabels.Untrusted : source) | file;

    /// <summary>A write that relies on untrusted data does as much harm as one of the next tier, because somebody outside may have chosen it. A read stays a read.</summary>
    public static ToolTier TierOf(ToolTier tier, DataLabels seen) => tier switch
    {
        ToolTier.WriteSafe when Relies(seen) => ToolTier.WriteRisky,
        ToolTier.WriteRisky when Relies(seen) => ToolTier.Destructive,
        _ => tier,
    };

    /// <summary>The contract as it holds for a call of a plan that was made from such data.</summary>
    public static ToolContract For(ToolContract contract, DataLabels seen) =>
        TierOf(contract.Tier, seen) is var tier && tier == contract.Tier ? contract : contract with { Tier = tier };

    /// <summary>False when confidential data would go to somebody who may not see it.</summary>
    public static bool MaySee(DataLabels maySee, DataLabels seen) => !seen.HasFlag(DataLabels.Confidential) || maySee.HasFlag(DataLabels.Confidential);

    /// <summary>Why a call counts for more than its contract says; <c>null</c> when it does not.</summary>
    public static string? WhyRaised(ToolContract contract, DataLabels seen, IReadOnlyList<string> sources)
    {
        var tier = TierOf(contract.Tier, seen);
        return tier == contract.Tier ? null : $"It counts as {SnakeCase.Of(tier)} instead of {SnakeCase.Of(contract.Tier)}, because the plan was made from text from outside the company ({string.Join(", ", sources)}).";
    }

    private static bool Relies(DataLabels seen) => seen.HasFlag(DataLabels.Untrusted);
}
