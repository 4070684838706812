using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Terminal;

return await new CommandLine(Screen.OfProcess(), TimeProvider.System).RunAsync(args);
