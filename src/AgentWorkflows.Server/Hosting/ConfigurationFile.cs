namespace AgentWorkflows.Server.Hosting;

/// <summary>The places of settings that only the embedded host has.</summary>
internal static class ConfigurationFile
{
    public const string Name = "agentworkflows.json";
    public const string VariablePrefix = "AGENTWORKFLOWS_";

    /// <exception cref="StartupException">It is no JSON.</exception>
    public static IConfiguration Read(string directory)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.Combine(Path.GetFullPath(directory), Name), optional: true, reloadOnChange: false).Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new StartupException($"{Name} is not valid JSON: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    public static IConfiguration Variables() => new ConfigurationBuilder().AddEnvironmentVariables(VariablePrefix).Build();
}
