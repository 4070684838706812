using AgentWorkflows.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Xunit;

namespace AgentWorkflows.Server.Tests.Logs;

public sealed class RedactedLogTests
{
    [Theory]
    [InlineData(ConsoleFormatterNames.Json)]
    [InlineData(ConsoleFormatterNames.Simple)]
    public void EveryFormat_LeavesSecretsAndPeopleOut(string name)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddJsonConsole().AddSimpleConsole());
        RedactingFormatter.Wrap(services);
        using var provider = services.BuildServiceProvider();
        var formatter = provider.GetServices<ConsoleFormatter>().Single(candidate => candidate.Name == name);
        using var written = new StringWriter();

        formatter.Write(
            new LogEntry<string>(LogLevel.Error, "category", default, "wrote to anna@customer.example with sk-abcdefghijklmnopqrstuv", null, (state, _) => state),
            null, written);

        Assert.Contains("wrote to", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("anna", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijklmnop", written.ToString(), StringComparison.Ordinal);
    }
}
