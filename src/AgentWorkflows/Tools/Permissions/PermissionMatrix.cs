namespace AgentWorkflows.Tools.Permissions;

/// <param name="Rule">The number of the rule that decided, from 1; <c>null</c> when none covers the call.</param>
internal sealed record Permission(PermissionEffect Effect, int? Rule);

/// <summary>Role × tool × resource → allow, ask or deny. The first rule that covers a call decides; what no rule covers is denied. Pure.</summary>
internal static class PermissionMatrix
{
    /// <param name="resource"><c>null</c> when the call names none: then every rule that denies or asks covers it, and one that allows only if it allows all resources.</param>
    public static Permission Decide(IReadOnlyList<PermissionRule> rules, string role, string tool, string? resource)
    {
        ArgumentNullException.ThrowIfNull(rules);
        for (var i = 0; i < rules.Count; i++)
        {
            if (Covers(rules[i], role, tool) && CoversResource(rules[i], resource))
            {
                return new Permission(rules[i].Effect, i + 1);
            }
        }
        return new Permission(PermissionEffect.Deny, null);
    }

    /// <summary>False when no call of the tool can ever run for the role, whatever it works on: the model need not hear of it.</summary>
    public static bool MayEverRun(IReadOnlyList<PermissionRule> rules, string role, string tool)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Where(rule => Covers(rule, role, tool))
            .TakeWhile(rule => rule.Effect != PermissionEffect.Deny || rule.NamesResources)
            .Any(rule => rule.Effect != PermissionEffect.Deny);
    }

    private static bool Covers(PermissionRule rule, string role, string tool) =>
        rule.Roles.Any(pattern => Wildcard.Matches(pattern, role)) && rule.Tools.Any(pattern => Wildcard.Matches(pattern, tool));

    private static bool CoversResource(PermissionRule rule, string? resource) => resource is null
        ? !rule.NamesResources || rule.Effect != PermissionEffect.Allow
        : rule.Resources.Any(pattern => Wildcard.Matches(pattern, resource));
}
