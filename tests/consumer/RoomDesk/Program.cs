using AgentWorkflows.AspNetCore;
using AgentWorkflows.Connectors;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server;
using AgentWorkflows.Tools;
using Microsoft.Extensions.AI;
using RoomDesk;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Bookings>();
builder.Services.AddAgentWorkflows(builder.Configuration)
    .UseEmbeddedEngine(".data")
    .AddAgents("agents")
    .AddTool<BookRoom>().AddTool<CancelBooking>()
    .AddTools<RoomTools>()
    .AddFunction(AIFunctionFactory.Create(Weather.In, "weather"), contract => contract.Tier = ToolTier.Read)
    .AddChatClient("echo", _ => new EchoClient())
    .AddApprovalChannel<PhoneChannel>()
    .AddDailyClaims<FileClaims>();
var app = builder.Build();
app.MapAgentWorkflows();
return await app.RunAgentWorkflowsAsync(args);
