using System.Text.RegularExpressions;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>The name of a deployment as routes write it: <c>NAME</c>, or <c>ENDPOINT/NAME</c>. The name itself may have slashes of its own.</summary>
/// <param name="Endpoint">What stands before the first slash; <c>null</c> when there is none.</param>
internal readonly partial record struct DeploymentName(string? Endpoint, string Model)
{
    public static DeploymentName Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new DeploymentName(text[..slash], text[(slash + 1)..]) : new DeploymentName(null, text);
    }

    /// <summary>What <see cref="IsEndpoint"/> allows, for people.</summary>
    public const string EndpointRule = "1 to 32 of a-z, 0-9 and -";

    /// <summary>True of what may stand before the slash: names of endpoints, and of a program's own clients.</summary>
    public static bool IsEndpoint(string name) => EndpointName().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex EndpointName();
}
