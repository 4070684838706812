using System.CommandLine;
using AgentWorkflows.Agents;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Models;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Cli;

internal sealed class ServeCommand(Screen screen, TimeProvider time, CommonOptions common, EmbeddedProgram program)
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
        var options = common.Read(result) with { JsonLogs = result.GetValue(_log) == "json" };
        var (app, services) = (program.App, program.For(options));
        program.Check();
        var keys = services.GetRequiredService<IOptions<ApiKeySettings>>().Value.Keys.Count;
        // Before anything is opened: a server that must not listen must not run sessions either.
        var urls = Urls(result, app);
        var endpoints = WebSettings.Endpoints(services);
        if ((endpoints.Count > 0 ? Hosting.Binding.Check(string.Join(';', endpoints), keys > 0, "Kestrel:Endpoints") : Hosting.Binding.Check(urls, keys > 0)) is { } problem)
        {
            screen.Error(problem);
            return ExitCodes.Usage;
        }
        app.Urls.Clear();
        foreach (var url in Hosting.Binding.Split(urls))
        {
            app.Urls.Add(url);
        }
        var logger = services.GetRequiredService<ILogger<ServeCommand>>();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not StartupException && Hosting.Binding.Tell(exception, urls) is { } told)
        {
            throw new StartupException(told, exception);
        }
        TryAnnounce(options, services, string.Join("  ", app.Urls), keys, logger);
        await UntilCancelledAsync(app, cancellationToken);
        Log.Stopping(logger);
        using var drain = new CancellationTokenSource(ServerOptions.DrainTimeout, time);
        await app.StopAsync(drain.Token);
        Log.Stopped(logger);
        return ExitCodes.Completed;
    }

    /// <summary>A server serves also where nobody reads what it says.</summary>
    private void TryAnnounce(ServerOptions options, IServiceProvider services, string urls, int keys, ILogger logger)
    {
        try
        {
            Announce(options, services, urls, keys, logger);
        }
        catch (OutputLostException)
        {
            // What it would have said is in the log with --log json.
        }
    }

    /// <summary>As the command line says, else as the program does.</summary>
    private string Urls(ParseResult result, WebApplication app)
    {
        if (result.GetResult(_urls) is { Implicit: false })
        {
            return result.GetValue(_urls)!;
        }
        var own = app.Urls.Count > 0 ? string.Join(';', app.Urls) : app.Configuration[WebHostDefaults.ServerUrlsKey];
        return own is { Length: > 0 } ? own : ServerOptions.DefaultUrl;
    }

    private void Announce(ServerOptions options, IServiceProvider services, string urls, int keys, ILogger logger)
    {
        var data = services.GetRequiredService<DataFolder>().FullPath;
        var agents = string.Join(", ", services.GetRequiredService<IAgentCatalog>().Agents.Select(agent => $"{agent.Name} {agent.Version}").Order(StringComparer.Ordinal));
        var model = services.GetRequiredService<IChatModelCatalog>().Describe("default");
        if (options.JsonLogs)
        {
            Log.Started(logger, urls, data, agents, model);
            return;
        }
        screen.Line("AgentWorkflows", Styles.Strong);
        screen.Field("listening", urls, labelWidth: 11, indent: 2);
        screen.Field("data", data, labelWidth: 11, indent: 2);
        screen.Field("agents", agents.Length > 0 ? agents : "none", labelWidth: 11, indent: 2);
        screen.Field("model", model, labelWidth: 11, indent: 2);
        screen.Field("access", keys > 0 ? Layout.Count(keys, "API key") : "this machine only, no API keys", labelWidth: 11, indent: 2);
        if (TelemetrySettings.Read(Environment.GetEnvironmentVariable) is { } telemetry)
        {
            screen.Field("telemetry", telemetry switch { { Traces: false } => "metrics", { Metrics: false } => "traces", _ => "traces and metrics" } + ", by OTLP", labelWidth: 11, indent: 2);
        }
        screen.Line("Press Ctrl+C to stop; sessions continue at the next start.", Styles.Dim);
    }

    private static async Task UntilCancelledAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellationToken.Register(() => stopped.TrySetResult());
        await using var stopping = app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
