using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The program that the commands are of: built when the first of them needs it, and told then what the command line says. Disposed once, at the end.</summary>
/// <param name="defaultData">Its data folder, unless the command line names another one.</param>
internal sealed class EmbeddedProgram(Func<WebApplication> build, string defaultData = DataFolder.Default) : IAsyncDisposable
{
    private WebApplication? _app;

    public string DefaultData { get; } = defaultData;

    public WebApplication App => _app ??= build();

    /// <summary>Its services, for a command with these options. Nothing is opened or checked yet.</summary>
    /// <exception cref="StartupException">The options name a folder of agents that is not there.</exception>
    public IServiceProvider For(ServerOptions options)
    {
        var services = App.Services;
        if (services.GetRequiredService<SettingsSources>().Problems is { Count: > 0 } problems)
        {
            // Also for commands that only read: settings that somebody wrote are not left out without a word.
            throw new StartupException(string.Join(Environment.NewLine, problems));
        }
        services.GetRequiredService<DataFolder>().Path = options.DataDirectory;
        if (options.AgentsDirectory is { } agents)
        {
            services.GetRequiredService<AgentFolders>().Replace(Directory.Exists(agents) ? agents : throw new StartupException($"There is no agents folder '{agents}'."));
        }
        services.GetRequiredService<LogChoice>().Choose(options.LogLevel, options.JsonLogs);
        return services;
    }

    /// <summary>Its stores; works while another process runs an engine on them.</summary>
    /// <param name="program">What the program is called, for the message.</param>
    /// <exception cref="StartupException">There is no data in the folder, or it cannot be read.</exception>
    public IServiceProvider Stores(ServerOptions options, string program)
    {
        var services = For(options);
        return services.GetRequiredService<DataFolder>().HasData
            ? services
            : throw new StartupException($"There is no data in '{options.DataDirectory}'. Start a session with '{program} run', or name the folder with --data.");
    }

    /// <exception cref="StartupException">Has all that is wrong with how the program is set up.</exception>
    public void Check()
    {
        try
        {
            App.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception exception) when (StartupException.OfSetup(exception) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Engine and maintenance, without the API.</summary>
    /// <exception cref="StartupException">Something is not set up well.</exception>
    /// <exception cref="DataFolderInUseException">Another process runs an engine on the folder.</exception>
    public async Task<RunningProgram> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var services = For(options);
        Check();
        await services.GetRequiredService<EmbeddedHost>().StartAsync(cancellationToken);
        return new RunningProgram(services);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }
}

/// <summary>A program whose engine runs. Disposing it stops the engine; the stores stay open.</summary>
internal sealed class RunningProgram(IServiceProvider services) : IAsyncDisposable
{
    public IServiceProvider Services { get; } = services;

    /// <summary>What answers for the default deployment, such as <c>offline playbook, no language model</c>.</summary>
    public string ModelDescription { get; } = services.GetRequiredService<Models.IChatModelCatalog>().Describe("default");

    public ValueTask DisposeAsync() => Services.GetRequiredService<EmbeddedHost>().DisposeAsync();
}
