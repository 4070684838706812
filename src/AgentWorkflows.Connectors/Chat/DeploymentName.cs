namespace AgentWorkflows.Connectors.Chat;

/// <summary>The name of a deployment as routes write it: <c>NAME</c>, or <c>ENDPOINT/NAME</c>. The name itself may have slashes of its own.</summary>
/// <param name="Endpoint">What stands before the first slash; <c>null</c> when there is none.</param>
internal readonly record struct DeploymentName(string? Endpoint, string Model)
{
    public static DeploymentName Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new DeploymentName(text[..slash], text[(slash + 1)..]) : new DeploymentName(null, text);
    }
}
