using AgentWorkflows.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentWorkflows.Server.Tests.Logs;

/// <summary>A command chooses how much is logged, and how, after the program was built; loggers that were made before follow.</summary>
public sealed class LogChoiceTests
{
    [Fact]
    public void WhereNothingIsChosen_TheProgramsOwnConfigurationHolds()
    {
        using var services = Build();

        Assert.True(Logger(services, "Mine").IsEnabled(LogLevel.Debug));
        Assert.NotEqual(ConsoleFormatterNames.Json, Formatter(services));
    }

    [Fact]
    public void ALevelThatIsChosen_HoldsForLoggersThatExist_AndQuietensTheFrameworkFurther()
    {
        using var services = Build();
        var (mine, framework, host) = (Logger(services, "Mine"), Logger(services, "Microsoft.AspNetCore"), Logger(services, "Microsoft.Hosting.Lifetime"));
        Assert.True(mine.IsEnabled(LogLevel.Debug));

        services.GetRequiredService<LogChoice>().Choose(LogLevel.Information, json: false);

        Assert.True(mine.IsEnabled(LogLevel.Information));
        Assert.False(mine.IsEnabled(LogLevel.Debug));
        Assert.False(framework.IsEnabled(LogLevel.Information));
        Assert.False(host.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void Json_IsAnotherForm_AndLeavesTheLevelToTheProgram()
    {
        using var services = Build();

        services.GetRequiredService<LogChoice>().Choose(null, json: true);

        Assert.Equal(ConsoleFormatterNames.Json, Formatter(services));
        Assert.True(Logger(services, "Mine").IsEnabled(LogLevel.Debug));
    }

    /// <summary>Standard output is what a command answers.</summary>
    [Fact]
    public void EveryLine_GoesToStandardError()
    {
        using var services = Build();

        Assert.Equal(LogLevel.Trace, services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.LogToStandardErrorThreshold);
    }

    [Fact]
    public void AChoice_CanBeMadeAgain()
    {
        using var services = Build();
        var (choice, mine) = (services.GetRequiredService<LogChoice>(), Logger(services, "Mine"));

        choice.Choose(LogLevel.Error, json: true);
        choice.Choose(LogLevel.Debug, json: false);

        Assert.True(mine.IsEnabled(LogLevel.Debug));
        Assert.NotEqual(ConsoleFormatterNames.Json, Formatter(services));
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddConsole());
        LogChoice.Add(services);
        return services.BuildServiceProvider();
    }

    private static ILogger Logger(ServiceProvider services, string category) => services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static string? Formatter(ServiceProvider services) => services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName;
}
