using AgentWorkflows.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
Telemetry.Add(builder.Services, builder.Configuration);
await Composition.AddAsync(builder.Services, HostSettings.Read(builder.Configuration, AppContext.BaseDirectory), CancellationToken.None);
await builder.Build().RunAsync();
