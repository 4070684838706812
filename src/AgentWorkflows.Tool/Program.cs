using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server;

// Not the defaults of a web application: whatever appsettings.json lies in the folder where somebody calls a tool is not its business.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseKestrelHttpsConfiguration();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine().AddAgents("agents");
var app = builder.Build();
app.MapAgentWorkflows().RefuseOtherAddresses();
return await app.RunAgentWorkflowsAsync(args);
