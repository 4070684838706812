using System.CommandLine;
using System.CommandLine.Completions;
using AgentWorkflows.Approvals;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;

namespace AgentWorkflows.Server.Cli.Completion;

/// <summary>Ids that exist in the data folder, newest first, for Tab. Whatever is wrong there, Tab stays silent.</summary>
internal sealed class KnownIds(CommonOptions common, EmbeddedProgram program)
{
    private const int Most = 50;

    public void CompleteSessions(Argument argument) => argument.CompletionSources.Add(context => Read(context, services =>
        services.GetRequiredService<ISessionStore>().ListAsync(new SessionQuery { PageSize = Most }, CancellationToken.None).GetAwaiter().GetResult()
            .Sessions.Select(session => new CompletionItem(session.Id, documentation: $"{session.ShownStatus}: {session.Goal}"))));

    public void CompleteApprovals(Argument argument) => argument.CompletionSources.Add(context => Read(context, services =>
        services.GetRequiredService<IApprovalStore>().ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending, Limit = Most }, CancellationToken.None).GetAwaiter().GetResult()
            .Select(approval => new CompletionItem(approval.Id, documentation: approval.Tool))));

    private List<CompletionItem> Read(CompletionContext context, Func<IServiceProvider, IEnumerable<CompletionItem>> read)
    {
        try
        {
            var services = program.For(common.Read(context.ParseResult) with { LogLevel = LogLevel.None });
            return services.GetRequiredService<DataFolder>().HasData
                ? [.. read(services).Where(item => item.Label.StartsWith(context.WordToComplete, StringComparison.Ordinal))]
                : [];
        }
#pragma warning disable CA1031 // A person is typing: nothing to complete is the only useful answer to any failure.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }
}
