using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="IdempotencyKey">Of the call in doubt.</param>
/// <param name="Look">From 1; a second one follows when the call can no longer be under way.</param>
/// <param name="Last">A no counts.</param>
internal sealed record SettleInput(StepContext Step, string StepId, string IdempotencyKey, int Look, bool Last, int Attempt);

internal sealed record SettleOutput(SettleVerdict Verdict)
{
    /// <summary>The tool that looked.</summary>
    public string Tool { get; init; } = "";

    /// <summary>Set when the look failed and may be tried again: how long to wait first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Asks the tool that the contract names what became of a call of which no answer came. Changes nothing in the world: safe to repeat.</summary>
internal sealed class SettleActivity(ISessionStore store, StepReader reader, ToolRunner runner, ToolTraffic traffic, StepRecorder recorder) : IActivity<SettleInput, SettleOutput>
{
    public async Task<SettleOutput> RunAsync(IActivityContext context, SettleInput input, CancellationToken cancellationToken)
    {
        await recorder.ShowAsync(input.Step, cancellationToken);
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
        if (call.Contract.Settle is not { } settle || call.Agent.FindTool(settle.Tool) is not { } look)
        {
            return new SettleOutput(SettleVerdict.CannotTell);
        }
        var (result, failure) = await LookAsync(input, call, settle, look, cancellationToken);
        var verdict = result is { } value ? settle.Read(value) : SettleVerdict.CannotTell;
        if (verdict == SettleVerdict.TookEffect)
        {
            await store.PutDocumentAsync(Documents.Found(input.Step, input.StepId), result!.Value, cancellationToken);
        }
        await TouchAsync(input, call, verdict, cancellationToken);
        var retry = ToolRetries.DelayAfter(look, input.Attempt, failure);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Act, string.Create(CultureInfo.InvariantCulture, $"settle/{input.StepId}/{input.Look}/{input.Attempt}"),
                TitleOf(call.Contract, look, verdict, failure), failure is null ? SnakeCase.Of(verdict) : SnakeCase.Of(failure.Kind),
                new { input.IdempotencyKey, result = LoggedFields.Of(look.LogFields, result), failure = failure?.Message, retryAfter = retry }) with
            {
                Tool = look.Name,
                StepId = input.StepId,
            },
            cancellationToken);
        return new SettleOutput(verdict) { Tool = look.Name, RetryAfter = retry };
    }

    private async Task<(JsonElement? Result, ToolResult.Failure? Failure)> LookAsync(
        SettleInput input, ResolvedCall call, SettleContract settle, ToolContract look, CancellationToken cancellationToken)
    {
        var key = Documents.Look(input.Step, input.StepId, input.Look);
        if (await store.GetDocumentAsync(key, cancellationToken) is { } kept)
        {
            return (kept, null);
        }
        if (traffic.Admit(look) is { } later)
        {
            return (null, later);
        }
        // Asked about the arguments of the call, but under a key of its own: whoever keeps answers by key must not answer the look with the call's.
        var arguments = CompensationArguments.Build(settle.Arguments, input.IdempotencyKey, ActionOutcome.Unknown, call.Arguments, null);
        var invocation = new ToolInvocation(
            input.Step.Session.Id, look.Name, arguments, string.Create(CultureInfo.InvariantCulture, $"{input.IdempotencyKey}/settle/{input.Look}/{input.Attempt}"))
        { UserId = input.Step.Session.UserId };
        using var span = recorder.Telemetry.Tool(input.Step, look, input.Attempt, compensation: false);
        var started = recorder.Started;
        var run = await runner.RunAsync(look, invocation, null, cancellationToken);
        recorder.Telemetry.ToolCalled(span, input.Step, look, run, recorder.Since(started), compensation: false);
        traffic.Record(look, run.Healthy);
        return run.Result is ToolResult.Success success
            ? (await store.PutDocumentAsync(key, success.Value, cancellationToken), null)
            : (null, (ToolResult.Failure)run.Result);
    }

    /// <summary>So that a rollback of another session reads what is known.</summary>
    private async Task TouchAsync(SettleInput input, ResolvedCall call, SettleVerdict verdict, CancellationToken cancellationToken)
    {
        var counts = verdict == SettleVerdict.TookEffect || (verdict == SettleVerdict.DidNot && input.Last);
        if (counts && ToolResource.Of(call.Contract, call.Arguments) is { } resource)
        {
            var state = verdict == SettleVerdict.TookEffect ? TouchState.Done : TouchState.NotDone;
            await store.PutTouchAsync(
                new ResourceTouch(resource, input.Step.Session.Id, input.Step.Turn, input.StepId, call.Contract.Name, state, recorder.Now), cancellationToken);
        }
    }

    private static string TitleOf(ToolContract action, ToolContract look, SettleVerdict verdict, ToolResult.Failure? failure) => verdict switch
    {
        _ when failure is not null => $"{look.Name} could not look whether {action.Name} took effect: {failure.Message}",
        SettleVerdict.TookEffect => $"{action.Name} took effect: {look.Name} found it",
        SettleVerdict.DidNot => $"{look.Name} finds nothing of {action.Name}",
        _ => $"{look.Name} does not say whether {action.Name} took effect",
    };
}
