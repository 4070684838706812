using AgentWorkflows.Functions.Hosting;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// The version that new instances get and up to which this host runs older ones: <c>extensions.durableTask.defaultVersion</c> of host.json, which lies beside the app. The
/// platform reads it for itself; it is read here so that an instance tells its version, which Durable Task's client does not.
/// </summary>
internal static class HostVersion
{
    /// <returns><c>null</c>: none is set.</returns>
    public static string? Read(string folder) => HostFile.Text(folder, "extensions", "durableTask", "defaultVersion");

    /// <summary>As <c>CurrentOrOlder</c> compares: by number, part by part, where both are numbers; else as texts.</summary>
    public static bool IsNewer(string version, string? host)
    {
        if (version.Length == 0 || host is null)
        {
            return false;
        }
        return Version.TryParse(Dotted(version), out var left) && Version.TryParse(Dotted(host), out var right)
            ? left > right
            : string.Compare(version, host, StringComparison.OrdinalIgnoreCase) > 0;
    }

    private static string Dotted(string version) => version.Contains('.', StringComparison.Ordinal) ? version : version + ".0";
}
