using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Steps;

/// <summary>Asks a tool what a call would change. A tool that fails or takes too long costs the preview, never the request. Thread-safe.</summary>
internal sealed class ApprovalPreviews(IToolCatalog tools, TimeProvider time, ILogger<ApprovalPreviews> logger)
{
    private const int MaxChanges = 20;
    private const int MaxTextLength = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<PreviewedChange>> OfAsync(SessionRef session, ResolvedCall call, CancellationToken cancellationToken)
    {
        if (tools.Find(call.Contract.Implementation) is not IPreviewingTool tool)
        {
            return [];
        }
        using var bound = new CancellationTokenSource(call.Contract.Timeout < Longest ? call.Contract.Timeout : Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            var invocation = new ToolInvocation(session.Id, call.Contract.Name, call.Arguments, IdempotencyKey: "preview") { UserId = session.UserId };
            var changes = await tool.PreviewAsync(invocation, either.Token).WaitAsync(either.Token);
            return [.. changes.Take(MaxChanges).Select(change => new PreviewedChange(Cut(change.What), Cut(change.Before), Cut(change.After)))];
        }
#pragma warning disable CA1031 // Whatever goes wrong in a tool must not keep the question from the person.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.PreviewFailed(logger, call.Contract.Name, RedactedException.ForLog(exception));
            return [];
        }
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength] + "…";
}
