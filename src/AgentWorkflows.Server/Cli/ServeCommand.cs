using System.CommandLine;
using AgentWorkflows.Agents;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

internal sealed class ServeCommand(Screen screen, TimeProvider time, CommonOptions common)
{
    private readonly Option<string> _urls = new("--urls")
    {
        Description = "Addresses to listen on, separated by semicolons. Others than localhost need API keys.",
        DefaultValueFactory = _ => ServerOptions.DefaultUrl,
        HelpName = "URLS",
    };

    private readonly Option<string> _log = new Option<string>("--log")
    {
        Description = "How the log is written, on standard error.",
        DefaultValueFactory = _ => "text",
        HelpName = "text|json",
    }.AcceptOnlyFromAmong("text", "json");

    public Command Create()
    {
        var command = new Command("serve", "Serve the API and run sessions until Ctrl+C.");
        AddOptions(command);
        return command;
    }

    public void AddOptions(Command command)
    {
        command.Options.Add(_urls);
        command.Options.Add(common.Agents);
        command.Options.Add(_log);
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = Configuration.Apply(common.Read(result) with
        {
            Urls = result.GetValue(_urls)!,
            JsonLogs = result.GetValue(_log) == "json",
        }, Directory.GetCurrentDirectory());
        // Before anything is opened: a server that must not listen must not run sessions either.
        if (Hosting.Binding.Check(options.Urls, options.ApiKeys.Count > 0) is { } problem)
        {
            screen.Error(problem);
            return ExitCodes.Usage;
        }
        using var loggers = Logging.Create(options.JsonLogs, LogLevel.Information);
        var logger = loggers.CreateLogger<ServeCommand>();
        await using var host = await ServerHost.StartAsync(options, time, loggers, cancellationToken);
        await using var api = await ApiServer.StartAsync(options, host.Runtime.Services, loggers, cancellationToken);
        Announce(options, host, api, logger);
        await UntilCancelledAsync(cancellationToken);
        Log.Stopping(logger);
        using var drain = new CancellationTokenSource(options.DrainTimeout, time);
        await api.StopAsync(drain.Token);
        await host.DisposeAsync();
        Log.Stopped(logger);
        return ExitCodes.Completed;
    }

    private void Announce(ServerOptions options, ServerHost host, ApiServer api, ILogger logger)
    {
        var urls = string.Join("  ", api.Urls);
        var data = Path.GetFullPath(options.DataDirectory);
        var agents = string.Join(", ", host.Runtime.Services.GetRequiredService<IAgentCatalog>().Agents.Select(agent => $"{agent.Name} {agent.Version}").Order(StringComparer.Ordinal));
        if (options.JsonLogs)
        {
            Log.Started(logger, urls, data, agents, host.Runtime.ModelDescription);
            return;
        }
        screen.Line("AgentWorkflows", Styles.Strong);
        screen.Field("listening", urls, labelWidth: 11, indent: 2);
        screen.Field("data", data, labelWidth: 11, indent: 2);
        screen.Field("agents", agents.Length > 0 ? agents : "none", labelWidth: 11, indent: 2);
        screen.Field("model", host.Runtime.ModelDescription, labelWidth: 11, indent: 2);
        screen.Field("access", options.ApiKeys.Count > 0 ? Layout.Count(options.ApiKeys.Count, "API key") : "this machine only, no API keys", labelWidth: 11, indent: 2);
        if (TelemetrySettings.Read(Environment.GetEnvironmentVariable) is { } telemetry)
        {
            screen.Field("telemetry", telemetry switch { { Traces: false } => "metrics", { Metrics: false } => "traces", _ => "traces and metrics" } + ", by OTLP", labelWidth: 11, indent: 2);
        }
        screen.Line("Press Ctrl+C to stop; sessions continue at the next start.", Styles.Dim);
    }

    private static async Task UntilCancelledAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }
}
