using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server;
using FirstTool;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAgentWorkflows(builder.Configuration)
    .UseEmbeddedEngine(".data")
    .AddAgents("agents")
    .AddTools<Diary>();
var app = builder.Build();
app.MapAgentWorkflows();
return await app.RunAgentWorkflowsAsync(args);
