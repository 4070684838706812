using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Runs the registered compensations last-in-first-out inside an orchestration. One that fails is recorded and the others still run.</summary>
internal static class SagaRollback
{
    public static async Task RunAsync(WorkflowLoop loop)
    {
        foreach (var entry in SagaStack.Outstanding(loop.State.Saga))
        {
            var output = await MayRunAsync(loop, entry) is { } declined ? declined : await CompensateAsync(loop, entry);
            loop.Apply(new SessionEvent.Compensated(entry.Index, output));
        }
    }

    /// <returns><c>null</c> to go on; else why the action stays as it is.</returns>
    private static async Task<CompensateOutput?> MayRunAsync(WorkflowLoop loop, CompensationEntry entry)
    {
        try
        {
            var check = await loop.CallAsync(SessionSteps.CheckRollback, new CheckRollbackInput(StepOf(loop, entry), entry));
            if (check.Question is not { } question)
            {
                return null;
            }
            var asked = new GatedCall(entry.StepId, entry.Tool, GateVerdict.Ask, entry.Tier) { IsQuestion = true, Reason = question };
            var closed = await ApprovalWait.RunAsync(loop, asked, ApprovalWait.RollbackIdOf(loop, entry), entry.Turn);
            return closed.Status == ApprovalStatus.Approved
                ? null
                : new CompensateOutput(CompensationStatus.Declined, $"Left as it is ({closed.Status}): {closed.Reason} {question}");
        }
        catch (TaskFailedException e)
        {
            return Failed(e);
        }
    }

    private static async Task<CompensateOutput> CompensateAsync(WorkflowLoop loop, CompensationEntry entry)
    {
        for (var attempt = 1; ; attempt++)
        {
            CompensateOutput output;
            try
            {
                output = await loop.CallAsync(SessionSteps.Compensate, new CompensateInput(StepOf(loop, entry), entry, attempt));
            }
            catch (TaskFailedException e)
            {
                return Failed(e);
            }
            if (output.RetryAfter is not { } delay)
            {
                return output;
            }
            await loop.Context.CreateTimer(delay);
        }
    }

    /// <summary>A compensation whose step itself cannot run (its records are gone, the host is broken) is a failed compensation, not the end of the rollback.</summary>
    private static CompensateOutput Failed(TaskFailedException e) => new(CompensationStatus.Failed, e.Failure.Message);

    private static StepContext StepOf(WorkflowLoop loop, CompensationEntry entry) =>
        loop.Step(SessionStatus.Compensating, "compensate") with { Turn = entry.Turn };
}
