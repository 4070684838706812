using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Hosting;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;

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
        if (!TryReadUrl(configuration["PublicUrl"], out var publicUrl))
        {
            problems = [.. problems, "PublicUrl must be an address such as https://agents.example.com."];
        }
        var (notifications, wrong) = NotificationSettings.Read(configuration);
        var (reports, reportProblems) = ReportDeliveryOptions.Read(configuration, notifications.Names);
        var (retention, retentionProblems) = RetentionOptions.Read(configuration);
        problems = [.. problems, .. wrong, .. reportProblems, .. retentionProblems];
        if (problems.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, ["The configuration is not valid:", .. problems.Select(problem => "  " + problem)]));
        }
        return options with
        {
            ApiKeys = keys,
            Costs = costs,
            ApprovalKeys = configuration[Hosting.ApprovalKeys.Setting],
            PublicUrl = publicUrl,
            Notifications = notifications,
            Reports = reports,
            Retention = retention,
        };
    }

    /// <summary>The providers' own variables have no prefix of ours; those with it win.</summary>
    public static IConfiguration OfModels(string directory) => Load(directory, builder => builder.AddEnvironmentVariables());

    private static bool TryReadUrl(string? text, out Uri? url)
    {
        url = null;
        return text is not { Length: > 0 } || (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out url) && url.Scheme is "http" or "https");
    }

    private static IConfigurationRoot Load(string directory, Func<IConfigurationBuilder, IConfigurationBuilder>? more = null)
    {
        try
        {
            var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(Path.GetFullPath(directory), FileName), optional: true, reloadOnChange: false);
            return (more?.Invoke(file) ?? file).AddEnvironmentVariables(EnvironmentPrefix).Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new StartupException($"{FileName} is not valid JSON: {(exception.InnerException ?? exception).Message}", exception);
        }
    }
}
