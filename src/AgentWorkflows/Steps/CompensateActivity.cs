using System.Globalization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="Step">The step context of the turn in which the action ran.</param>
internal sealed record CompensateInput(StepContext Step, CompensationEntry Entry, int Attempt);

internal sealed record CompensateOutput(CompensationStatus Status, string? Message)
{
    /// <summary>Set when another attempt is allowed: how long to wait first.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Runs one attempt of one compensation. Its idempotency key is the action's followed by <c>/compensation</c>: the same for every attempt and after every crash.</summary>
internal sealed class CompensateActivity(ISessionStore store, StepReader reader, ToolRunner runner, StepRecorder recorder)
    : IActivity<CompensateInput, CompensateOutput>
{
    public async Task<CompensateOutput> RunAsync(IActivityContext context, CompensateInput input, CancellationToken cancellationToken)
    {
        await recorder.ShowAsync(input.Step, cancellationToken);
        var call = await reader.ResolveAsync(input.Step, input.Entry.StepId, cancellationToken);
        var output = await CompensateAsync(input, call, cancellationToken);
        if (output.RetryAfter is null)
        {
            recorder.Telemetry.Compensated(input.Step, input.Entry.Tool, output.Status);
        }
        if (output.Status == CompensationStatus.Done && ToolResource.Of(call.Contract, call.Arguments) is { } resource)
        {
            await store.PutTouchAsync(
                new ResourceTouch(resource, input.Step.Session.Id, input.Entry.Turn, input.Entry.StepId, input.Entry.Tool, TouchState.Undone, recorder.Now), cancellationToken);
        }
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Compensation,
                string.Create(CultureInfo.InvariantCulture, $"compensate/{input.Entry.StepId}/{input.Step.Progress.Revision}"), TitleOf(input.Entry, output),
                SnakeCase.Of(output.Status),
                new { action = input.Entry.Action, compensation = call.Contract.Compensation?.Tool, output.Message, output.RetryAfter }) with
            {
                Tool = input.Entry.Tool,
                StepId = input.Entry.StepId,
            },
            cancellationToken);
        return output;
    }

    private async Task<CompensateOutput> CompensateAsync(CompensateInput input, ResolvedCall call, CancellationToken cancellationToken)
    {
        if (call.Contract.Compensation is not { } compensation)
        {
            return new CompensateOutput(CompensationStatus.Irreversible, $"'{call.Contract.Name}' cannot be undone.");
        }
        if (call.Agent.FindTool(compensation.Tool) is not { } contract)
        {
            return new CompensateOutput(CompensationStatus.Failed, $"The compensation '{compensation.Tool}' is not in the agent's snapshot. {compensation.Instructions}");
        }
        var result = await store.GetDocumentAsync(
            Documents.Result(input.Step.Session.Id, input.Entry.Turn, input.Entry.StepId), cancellationToken);
        var arguments = CompensationArguments.Build(compensation, input.Entry, call.Arguments, result);
        var invocation = new ToolInvocation(input.Step.Session.Id, contract.Name, arguments, input.Entry.IdempotencyKey + "/compensation")
        {
            UserId = input.Step.Session.UserId,
        };
        using var span = recorder.Telemetry.Tool(input.Step, contract, input.Attempt, compensation: true);
        var started = recorder.Started;
        var run = await runner.RunAsync(contract, invocation, null, cancellationToken);
        recorder.Telemetry.ToolCalled(span, input.Step, contract, run, recorder.Since(started), compensation: true);
        return run.Result switch
        {
            ToolResult.Success => new CompensateOutput(CompensationStatus.Done, null),
            ToolResult.Failure failure => Failed(contract, compensation, input.Attempt, failure, run.Action),
            var other => throw new InvalidOperationException($"Unknown tool result {other.GetType().Name}."),
        };
    }

    private static CompensateOutput Failed(
        ToolContract contract, CompensationContract compensation, int attempt, ToolResult.Failure failure, ActionOutcome action)
    {
        var status = action == ActionOutcome.Unknown ? CompensationStatus.Unknown : CompensationStatus.Failed;
        return new CompensateOutput(status, $"{failure.Message} {compensation.Instructions}".TrimEnd())
        {
            RetryAfter = ToolRetries.DelayAfter(contract, attempt, failure),
        };
    }

    private static string TitleOf(CompensationEntry entry, CompensateOutput output) => output switch
    {
        { Status: CompensationStatus.Done } => $"{entry.Tool} was undone",
        { Status: CompensationStatus.Irreversible } => $"{entry.Tool} cannot be undone",
        { RetryAfter: not null } => $"Undoing {entry.Tool} failed and is tried again: {output.Message}",
        _ => $"Undoing {entry.Tool} failed, a person has to act: {output.Message}",
    };
}
