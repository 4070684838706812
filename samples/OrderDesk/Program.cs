using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server;
using OrderDesk;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAgentWorkflows(builder.Configuration)
    .UseEmbeddedEngine(".data")
    .AddAgents("agents")
    .AddOrderDesk();
var app = builder.Build();
app.MapAgentWorkflows().RefuseOtherAddresses();
return await app.RunAgentWorkflowsAsync(args);
