using System.Reflection;
using System.Text.RegularExpressions;
using AgentWorkflows.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace AgentWorkflows.Functions.Tests.Http;

/// <param name="Route">As the platform maps it.</param>
internal sealed record HttpFunction(string Name, IReadOnlyList<string> Methods, string Route, AuthorizationLevel Level);

/// <summary>The functions with an HTTP trigger, and addresses that reach them.</summary>
internal static partial class HttpFunctions
{
    public static IReadOnlyList<HttpFunction> All { get; } =
    [
        .. from method in typeof(ApiFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select new HttpFunction(
               method.GetCustomAttribute<FunctionAttribute>()!.Name,
               [.. trigger.Methods!.Select(verb => verb.ToUpperInvariant())],
               trigger.Route!,
               trigger.AuthLevel),
    ];

    /// <summary>An address of that pattern.</summary>
    public static string AddressOf(string pattern) => "/" + Parameter().Replace(pattern, "x-1");

    [GeneratedRegex("\\{[^}]*\\}")]
    private static partial Regex Parameter();
}
