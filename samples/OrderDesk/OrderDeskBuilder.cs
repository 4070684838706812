using AgentWorkflows.Hosting;
using AgentWorkflows.Server;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrderDesk;

/// <summary>The tools of the sample agent <c>order-desk</c>, over a file of 200 orders in the data folder.</summary>
internal static class OrderDeskBuilder
{
    private const string DatabaseFile = "order-desk.db";

    public static IAgentWorkflowsBuilder AddOrderDesk(this IAgentWorkflowsBuilder builder)
    {
        builder.Services.AddSingleton(services => new OrderDeskDatabase(Path.Combine(services.GetRequiredService<DataFolder>().FullPath, DatabaseFile)));
        builder
            .AddTool<SearchOrders>().AddTool<GetOrder>()
            .AddTool<DraftMessage>().AddTool<DeleteDraft>()
            .AddTool<AddNote>().AddTool<DeleteNote>()
            .AddTool<IssueRefund>().AddTool<ReverseRefund>()
            .AddTool<SendMessage>().AddTool<RetractMessage>()
            .AddTool<CancelOrder>().AddTool<RestoreOrder>();
        // Only so that a process can be killed at a chosen moment: see OrderDeskOptions.
        var tools = builder.Services.Single(service => service.ServiceType == typeof(IToolCatalog)).ImplementationFactory!;
        builder.Services.Replace(ServiceDescriptor.Singleton<IToolCatalog>(services => OrderDeskTools.WithFaults(
            (IToolCatalog)tools(services), OrderDeskOptions.FromEnvironment(Environment.GetEnvironmentVariable), services.GetRequiredService<TimeProvider>())));
        return builder;
    }
}
