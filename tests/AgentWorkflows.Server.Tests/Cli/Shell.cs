using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>What a command wrote and answered.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error);

/// <summary>The real command line in this process, on a data folder of its own.</summary>
internal sealed class Shell : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-");

    public string Data => Path.Combine(_folder.FullName, "data");

    public static string Agents => Path.Combine(AppContext.BaseDirectory, "agents");

    /// <summary>With <c>--data</c> of this shell.</summary>
    public Task<Ran> RunAsync(params string[] arguments) => RunAsync(80, [.. arguments, "--data", Data]);

    public static async Task<Ran> RunAsync(int width, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var screen = new Screen(output, error, TextReader.Null, interactive: false, colours: false, width);
        var code = await new CommandLine(screen, TimeProvider.System, new EmbeddedProgram(OrderDeskProgram.Build)).RunAsync(arguments);
        return new Ran(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
