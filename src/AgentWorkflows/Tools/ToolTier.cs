namespace AgentWorkflows.Tools;

/// <summary>How much harm a tool can do. A tool without a tier is <see cref="Destructive"/>.</summary>
public enum ToolTier
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Changes something nobody outside notices and that can be undone. Runs without asking.</summary>
    WriteSafe,

    /// <summary>Moves money or reaches a person. Asks first.</summary>
    WriteRisky,

    /// <summary>Cannot be taken back, or takes much with it. Asks first.</summary>
    Destructive,
}

internal static class ToolTiers
{
    /// <summary>
    /// What nothing can take back is destructive, whatever tier stands there. A read that claims so stays a read: that is a contradiction, which readers of contracts report.
    /// </summary>
    public static ToolTier Of(ToolTier tier, bool irreversible) => irreversible && tier != ToolTier.Read ? ToolTier.Destructive : tier;
}
