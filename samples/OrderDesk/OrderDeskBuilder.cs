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
            .AddTool<CancelOrder>().AddTool<RestoreOrder>()
            // All they change is the file in the data folder, so evals may run them.
            .AddSandboxedTools(
                "draft_message", "delete_draft", "add_note", "delete_note", "issue_refund", "reverse_refund", "send_message", "retract_message", "cancel_order", "restore_order");
        // Only so that a process can be killed at a chosen moment: see OrderDeskOptions.
        var tools = builder.Services.Single(service => service.ServiceType == typeof(IToolCatalog)).ImplementationFactory!;
        builder.Services.Replace(ServiceDescriptor.Singleton<IToolCatalog>(services => OrderDeskTools.WithFaults(
            (IToolCatalog)tools(services), OrderDeskOptions.FromEnvironment(Environment.GetEnvironmentVariable), services.GetRequiredService<TimeProvider>())));
        return builder;
    }
}
