using System.Globalization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Steps;

internal sealed record CheckRollbackInput(StepContext Step, CompensationEntry Entry);

/// <param name="Question">Why a person has to agree first; <c>null</c> when the compensation may simply run.</param>
internal sealed record CheckRollbackOutput(string? Question);

/// <summary>
/// Looks whether an action can be taken back without surprises: nobody else has worked on the same resource since, and no step that cannot be undone came after it.
/// </summary>
internal sealed class CheckRollbackActivity(ISessionStore store, StepReader reader) : IActivity<CheckRollbackInput, CheckRollbackOutput>
{
    public async Task<CheckRollbackOutput> RunAsync(IActivityContext context, CheckRollbackInput input, CancellationToken cancellationToken)
    {
        var call = await reader.ResolveAsync(input.Step, input.Entry.StepId, cancellationToken);
        if (call.Contract.Compensation is null)
        {
            return new CheckRollbackOutput(null);
        }
        var reasons = new List<string>();
        if (ToolResource.Of(call.Contract, call.Arguments) is { } resource)
        {
            var since = await store.ListTouchesAfterAsync(
                resource, new DocumentKey(input.Step.Session.Id, input.Entry.Turn, input.Entry.StepId), cancellationToken);
            reasons.AddRange(since.Select(touch => string.Create(
                CultureInfo.InvariantCulture, $"session {touch.SessionId} ran {touch.Tool} on {resource} at {touch.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")));
        }
        if (PointOfNoReturn.IsBehind(
            input.Step.Progress.Compensations, input.Entry, later => call.Agent.FindTool(later.Tool)?.Irreversible ?? false))
        {
            reasons.Add("a later step of this session cannot be undone");
        }
        return new CheckRollbackOutput(
            reasons.Count == 0 ? null : $"Undo '{input.Entry.Tool}' all the same? Since then: {string.Join("; ", reasons)}. Approve to undo it, reject to leave it as it is.");
    }
}
