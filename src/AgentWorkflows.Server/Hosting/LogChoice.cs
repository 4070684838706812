using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// How much is logged and in which form, which a command knows only when the program is built already: loggers follow when it is chosen. Until then, and where nothing
/// is chosen, the program's own configuration holds. Thread-safe.
/// </summary>
internal sealed class LogChoice
    : IDisposable, IConfigureOptions<LoggerFilterOptions>, IConfigureOptions<ConsoleLoggerOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IOptionsChangeTokenSource<ConsoleLoggerOptions>
{
    private volatile Choice? _choice;
    private CancellationTokenSource _changed = new();

    public string Name => Options.DefaultName;

    /// <param name="level">The least that is logged; <c>null</c>: as the program's configuration says.</param>
    public void Choose(LogLevel? level, bool json)
    {
        _choice = new Choice(level, json);
        using var before = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        before.Cancel();
    }

    public void Dispose() => _changed.Dispose();

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    public void Configure(LoggerFilterOptions options)
    {
        if (_choice is not { } choice)
        {
            return;
        }
        // What the host has to say at start and stop is told by the command itself, in words.
        options.Rules.Add(new LoggerFilterRule(null, "Microsoft.Hosting.Lifetime", LogLevel.Warning, null));
        options.Rules.Add(new LoggerFilterRule(null, "Microsoft.Extensions.Hosting", LogLevel.None, null));
        if (choice.Level is { } level)
        {
            options.MinLevel = level;
            options.Rules.Add(new LoggerFilterRule(null, null, level, null));
            options.Rules.Add(new LoggerFilterRule(null, "Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning, null));
        }
    }

    public void Configure(ConsoleLoggerOptions options)
    {
        // Standard output is only what a command answers.
        options.LogToStandardErrorThreshold = LogLevel.Trace;
        if (_choice is { Json: true })
        {
            options.FormatterName = ConsoleFormatterNames.Json;
        }
    }

    /// <summary>For the builder.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LogChoice>();
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogChoice>());
        services.AddSingleton<IConfigureOptions<ConsoleLoggerOptions>>(provider => provider.GetRequiredService<LogChoice>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogChoice>());
        services.AddSingleton<IOptionsChangeTokenSource<ConsoleLoggerOptions>>(provider => provider.GetRequiredService<LogChoice>());
        services.Configure<JsonConsoleFormatterOptions>(format =>
        {
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            format.IncludeScopes = true;
        });
        services.Configure<SimpleConsoleFormatterOptions>(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "HH:mm:ss ";
        });
        RedactingFormatter.Wrap(services);
    }

    private sealed record Choice(LogLevel? Level, bool Json);
}
