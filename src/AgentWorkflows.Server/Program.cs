using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Server.Terminal;

return await new CommandLine(Screen.OfProcess(), TimeProvider.System, new EmbeddedProgram(OrderDeskProgram.Build)).RunAsync(args);
