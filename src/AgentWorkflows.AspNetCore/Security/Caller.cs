using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Security;

/// <summary>Who makes a request.</summary>
internal sealed record Caller(string Key, string User, ApiRoles Roles)
{
    /// <summary>Whoever sits at this machine, when no keys are configured.</summary>
    public static Caller Local { get; } = new("local", "", ApiRoles.Read | ApiRoles.Start | ApiRoles.Approve | ApiRoles.Operate);

    public IReadOnlyList<string> SessionRoles { get; init; } = [];

    /// <summary>Operators start sessions in any role.</summary>
    public bool MayActAs(string role) => IsOperator || SessionRoles.Contains(role);

    public bool IsOperator => HasAny(ApiRoles.Operate);

    public bool HasAny(ApiRoles roles) => (Roles & roles) != ApiRoles.None;

    /// <summary>A user sees their own sessions; operators see all. What may not be seen is answered as if it were not there.</summary>
    public bool Sees(string sessionUser) => IsOperator || PersonName.Same(User, sessionUser);

    public static Caller Of(HttpContext context) =>
        context.Items[typeof(Caller)] as Caller ?? throw new InvalidOperationException("The route needs no key, so there is no caller.");

    public static void Attach(HttpContext context, Caller caller) => context.Items[typeof(Caller)] = caller;
}
