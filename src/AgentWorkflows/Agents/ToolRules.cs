using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Contradictions within one contract.</summary>
internal static class ToolRules
{
    /// <param name="tool">What runs; <c>null</c> when that is unknown.</param>
    public static void Check(ToolContract contract, ITool? tool, YamlSection section)
    {
        if (contract.ResourceArgument is { } resource && !ToolSchema.Properties(contract.Parameters).Contains(resource))
        {
            section.Report(
                "resource", $"The tool has no argument '{resource}'. Its arguments: {string.Join(", ", ToolSchema.Properties(contract.Parameters))}.");
        }
        if (contract.Tier == ToolTier.Read)
        {
            CheckRead(contract, section);
        }
        else
        {
            CheckWrite(contract, hasTimeout: tool is IOutsideTool || tool?.Contract is not null, section);
        }
    }

    private static void CheckRead(ToolContract contract, YamlSection section)
    {
        if (contract.SideEffects.Count > 0)
        {
            section.Report("side_effects", "A tool of tier 'read' has no side effects. Remove them, or choose write_safe, write_risky or destructive.");
        }
        if (contract.Compensation is not null)
        {
            section.Report("compensation", "A tool of tier 'read' changes nothing, so nothing can be compensated. Remove this, or choose another tier.");
        }
        if (contract.Settle is not null)
        {
            section.Report("settle", "A tool of tier 'read' changes nothing, so nothing is ever in doubt. Remove this, or choose another tier.");
        }
        if (contract.Irreversible)
        {
            section.Report("irreversible", "A tool of tier 'read' changes nothing, so it cannot be irreversible. Remove this, or choose another tier.");
        }
    }

    /// <param name="hasTimeout">Its code, or the source that it is from, says one.</param>
    private static void CheckWrite(ToolContract contract, bool hasTimeout, YamlSection section)
    {
        if (contract.Tier is ToolTier.WriteRisky or ToolTier.Destructive && !hasTimeout && !section.Has("timeout"))
        {
            section.Report("timeout", $"A tool of tier '{SnakeCase.Of(contract.Tier)}' needs an explicit timeout, such as 10s.");
        }
        if (contract.SideEffects.Count == 0 && contract.Offered)
        {
            section.Report("side_effects", "A tool that writes says what it changes, such as payment.refund. Add side_effects, or choose the tier 'read'.");
        }
        if (contract.Compensation is not null && contract.Irreversible)
        {
            section.Report("irreversible", "A tool cannot be irreversible and have a compensation. Remove one of them.");
        }
        // A tool that only compensates is the end of the chain: nothing takes back a rollback.
        if (contract is { Compensation: null, Irreversible: false, Offered: true })
        {
            section.Report("compensation", "A tool that writes needs a compensation, or 'irreversible: true' when nothing can take its effect back.");
        }
    }
}
