using AgentWorkflows.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
WorkerLogs.Add(builder.Logging);
builder.UseMiddleware<InvocationScope>();
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<TablesFirst>();
Telemetry.Add(builder.Services, builder.Configuration);
Composition.Add(builder.Services, HostSettings.Read(builder.Configuration, AppContext.BaseDirectory));
await builder.Build().RunAsync();
