using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Server.Samples.OrderDesk;

/// <summary>The program with the sample's tools.</summary>
internal static class OrderDeskProgram
{
    private const string File = "order-desk.db";

    public static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine().AddAgents("agents").AddOrderDesk();
        var app = builder.Build();
        app.MapAgentWorkflows().RefuseOtherAddresses();
        return app;
    }

    public static IAgentWorkflowsBuilder AddOrderDesk(this IAgentWorkflowsBuilder builder)
    {
        builder.Services.AddSingleton(provider => new OrderDeskDatabase(Path.Combine(provider.GetRequiredService<DataFolder>().FullPath, File)));
        builder
            .AddTool<SearchOrders>().AddTool<GetOrder>()
            .AddTool<DraftMessage>().AddTool<DeleteDraft>()
            .AddTool<AddNote>().AddTool<DeleteNote>()
            .AddTool<IssueRefund>().AddTool<ReverseRefund>()
            .AddTool<SendMessage>().AddTool<RetractMessage>()
            .AddTool<CancelOrder>().AddTool<RestoreOrder>();
        var tools = builder.Services.Single(service => service.ServiceType == typeof(IToolCatalog)).ImplementationFactory!;
        builder.Services.Replace(ServiceDescriptor.Singleton<IToolCatalog>(provider => OrderDeskTools.WithFaults(
            (IToolCatalog)tools(provider), OrderDeskOptions.FromEnvironment(Environment.GetEnvironmentVariable), provider.GetRequiredService<TimeProvider>())));
        return builder;
    }
}
