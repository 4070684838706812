using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server;

/// <summary>Makes a program of its own out of a web application.</summary>
public static class AgentWorkflowsApplication
{
    /// <summary>
    /// Does what the command line says: <c>serve</c> where it says nothing, and every other command, such as <c>run</c>, <c>sessions</c>, <c>show</c>, <c>approve</c>.
    /// Logs go to standard error. The application is disposed at the end.
    /// </summary>
    /// <returns>The process's exit code: 0 done, 1 failed, 2 wrong usage; <c>--help</c> lists them all.</returns>
    /// <exception cref="InvalidOperationException">The application has no embedded engine.</exception>
    public static async Task<int> RunAgentWorkflowsAsync(this WebApplication app, string[] args)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(args);
        var data = app.Services.GetService<DataFolder>()
            ?? throw new InvalidOperationException("There is no embedded engine. Call builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(\".data\") first.");
        return await new CommandLine(Screen.OfProcess(), app.Services.GetRequiredService<TimeProvider>(), new EmbeddedProgram(() => app, data.Path)).RunAsync(args);
    }
}
