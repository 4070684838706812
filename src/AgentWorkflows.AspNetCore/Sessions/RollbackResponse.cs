using AgentWorkflows.Compensation;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <param name="Complete">True when nothing the session changed is left.</param>
/// <param name="Undone">Taken back.</param>
/// <param name="Left">Not taken back although it could be: failed, unknown, declined or not tried. The message says what to do.</param>
/// <param name="Irreversible">What nothing can take back.</param>
internal sealed record RollbackResponse(
    string SessionId, string Status, bool Complete, IReadOnlyList<RollbackItem> Undone, IReadOnlyList<RollbackItem> Left, IReadOnlyList<RollbackItem> Irreversible)
{
    public static RollbackResponse From(SessionView view)
    {
        var entries = view.Compensations.Where(entry => entry.Status != CompensationStatus.NotNeeded).Reverse().Select(RollbackItem.From).ToList();
        List<RollbackItem> With(params CompensationStatus[] statuses) => [.. entries.Where(entry => statuses.Any(status => entry.Status == status.ToString()))];
        var left = With(CompensationStatus.Registered, CompensationStatus.Failed, CompensationStatus.Unknown, CompensationStatus.Declined);
        var irreversible = With(CompensationStatus.Irreversible);
        return new RollbackResponse(
            view.Session.Id, view.Status.ToString(), left.Count == 0 && irreversible.Count == 0, With(CompensationStatus.Done), left, irreversible);
    }
}

/// <param name="Action"><c>Done</c> or <c>Unknown</c>: whether the action is known to have taken effect.</param>
internal sealed record RollbackItem(int Turn, string StepId, string Tool, string Action, string Status, string? Message)
{
    public static RollbackItem From(CompensationEntry entry) =>
        new(entry.Turn, entry.StepId, entry.Tool, entry.Action.ToString(), entry.Status.ToString(), entry.Message);
}
