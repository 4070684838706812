using AgentWorkflows.Functions;
using AgentWorkflows.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using NoteDesk;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddAgentWorkflows(builder.Configuration)
    .UseDurableFunctions(builder)
    .AddAgents("agents")
    .AddNoteDesk();
await builder.Build().RunAsync();
