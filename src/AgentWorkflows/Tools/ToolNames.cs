using System.Reflection;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>What a tool in code is called: what its <see cref="ToolAttribute.Name"/> says, else its class's or method's name in snake_case.</summary>
internal static class ToolNames
{
    private const string Asynchronous = "Async";

    public static string Of(MemberInfo member) => member.GetCustomAttribute<ToolAttribute>(inherit: false)?.Name is { Length: > 0 } given
        ? given
        : SnakeCase.Of(member is MethodInfo ? WithoutSuffix(member.Name) : member.Name);

    private static string WithoutSuffix(string name) =>
        name.Length > Asynchronous.Length && name.EndsWith(Asynchronous, StringComparison.Ordinal) ? name[..^Asynchronous.Length] : name;
}
