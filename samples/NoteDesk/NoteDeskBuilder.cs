using AgentWorkflows.Hosting;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace NoteDesk;

/// <summary>The tools of the sample agent <c>note-desk</c>, over a table of the app's storage account.</summary>
internal static class NoteDeskBuilder
{
    public static IAgentWorkflowsBuilder AddNoteDesk(this IAgentWorkflowsBuilder builder)
    {
        var table = (builder.Configuration["AgentWorkflows:TablePrefix"] ?? "agentworkflows") + "Sample";
        builder.Services.AddSingleton(services => new Notes(services.GetRequiredService<TableServiceClient>().GetTableClient(table)));
        return builder.AddTool<ReadNotes>().AddTool<WriteNote>().AddTool<DeleteNote>();
    }
}
