using AgentWorkflows.Http.Security;

namespace AgentWorkflows.Server.Hosting;

/// <summary>What does not come from the command line: <c>agentworkflows.json</c> in the working directory, then the environment, which wins.</summary>
internal static class Configuration
{
    public const string FileName = "agentworkflows.json";
    public const string EnvironmentPrefix = "AGENTWORKFLOWS_";

    /// <exception cref="StartupException">Names every key that is wrong.</exception>
    public static ServerOptions Apply(ServerOptions options, string directory)
    {
        var configuration = Load(directory);
        var (keys, problems) = ApiKey.Read(configuration);
        var (costs, costProblems) = CostSettings.Read(configuration);
        problems = [.. problems, .. costProblems];
        if (problems.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, ["The configuration is not valid:", .. problems.Select(problem => "  " + problem)]));
        }
        return options with { ApiKeys = keys, Costs = costs, ApprovalKeys = configuration[Hosting.ApprovalKeys.Setting] };
    }

    private static IConfigurationRoot Load(string directory)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(Path.GetFullPath(directory), FileName), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new StartupException($"{FileName} is not valid JSON: {(exception.InnerException ?? exception).Message}", exception);
        }
    }
}
