namespace AgentWorkflows.Tools.Permissions;

/// <summary>What a rule says of the calls it covers. <see cref="Allow"/> never spares a call the approval its tier asks for.</summary>
internal enum PermissionEffect
{
    Deny,
    Ask,
    Allow,
}

/// <summary>One row of an agent's permission matrix. Patterns are compared to the letter; <c>*</c> stands for any text, also none.</summary>
internal sealed record PermissionRule
{
    public static readonly IReadOnlyList<string> Any = ["*"];

    /// <summary>The session's role, <c>context.role</c>. Default: every role.</summary>
    public IReadOnlyList<string> Roles { get; init; } = Any;

    /// <summary>Default: every tool.</summary>
    public IReadOnlyList<string> Tools { get; init; } = Any;

    /// <summary>What the call works on, as <see cref="ToolResource.Of"/> writes it, such as <c>order_id=10*</c>. Default: everything.</summary>
    public IReadOnlyList<string> Resources { get; init; } = Any;

    public required PermissionEffect Effect { get; init; }

    /// <summary>True when the rule tells resources apart.</summary>
    public bool NamesResources => !Resources.Contains("*");
}
