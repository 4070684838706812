using AgentWorkflows.Screening;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Tools;

/// <summary>A tool's answer, and what is known of its effect.</summary>
internal sealed record ToolRun(ToolResult Result, ActionOutcome Action)
{
    /// <summary>False when the tool is in trouble, as opposed to saying no for a reason.</summary>
    public bool Healthy { get; init; } = true;
}

/// <summary>Calls a tool's implementation under its contract: hard timeout, bounded result, no exception gets out but the host's own stop. Thread-safe.</summary>
internal sealed class ToolRunner(IToolCatalog tools, TimeProvider time, ILogger<ToolRunner> logger)
{
    private const int MaxMessageLength = 2000;

    public async Task<ToolRun> RunAsync(ToolContract contract, ToolInvocation invocation, double? timeBudgetSeconds, CancellationToken cancellationToken)
    {
        var timeout = timeBudgetSeconds is { } budget && budget < contract.Timeout.TotalSeconds ? TimeSpan.FromSeconds(budget) : contract.Timeout;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // On the pool: a tool that blocks before its first await must not take the activity worker with it.
            var call = Task.Run(() => CallAsync(contract, invocation with { Idempotent = contract.Idempotent }, cancellation.Token), CancellationToken.None);
            return Bounded(contract, await call.WaitAsync(timeout, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            await cancellation.CancelAsync();
            return TimedOut(contract, timeout);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await cancellation.CancelAsync();
            throw;
        }
#pragma warning disable CA1031 // Whatever a tool throws becomes a result; the exception goes to the log, never to the model.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ToolLog.ToolThrew(logger, RedactedException.ForLog(e), contract.Name, invocation.SessionId);
            return Threw(contract);
        }
    }

    private async Task<ToolResult> CallAsync(ToolContract contract, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (await tools.FindAsync(contract.Implementation, cancellationToken) is { } tool)
        {
            if (contract.Pin is { } pin && tool is IOutsideTool outside && !pin.Is(outside.Definition))
            {
                return new ToolResult.Failure(
                    ToolFailureKind.Permanent, $"'{contract.Name}' was not called: it is not what was reviewed any more.",
                    "Do not call it again. Use another tool, or say what was not done and why.", RetrySafe: false)
                { Effect = FailedEffect.None };
            }
            return await tool.ExecuteAsync(invocation, cancellationToken);
        }
        return tools.OwnerOf(contract.Implementation) is { HasTools: false } source
            ? new ToolResult.Failure(
                ToolFailureKind.Transient, $"'{contract.Name}' was not called: the source '{source.Name}' cannot be reached. {source.Problem}",
                "It is tried again by itself; if it still fails, go on without it.", RetrySafe: true)
            { Effect = FailedEffect.None }
            : ToolResult.Permanent($"'{contract.Name}' is not available on this host.", "Use another tool or answer with what is known.");
    }

    private static ToolRun Bounded(ToolContract contract, ToolResult result)
    {
        if (result is ToolResult.Success { Value: var value })
        {
            // A copy: the tool may give the memory behind its answer to somebody else.
            return ResultCheck.Find(value) is { } wrong
                ? new ToolRun(ToolResult.Permanent($"'{contract.Name}' {wrong.Problem}.", wrong.Suggestion), ActionOutcome.Done)
                : new ToolRun(new ToolResult.Success(ResultOrder.Apply(value.Clone(), contract.Unordered)), ActionOutcome.Done);
        }
        var failure = Shortened(result);
        var reads = contract.Tier == ToolTier.Read;
        if (failure is { Kind: ToolFailureKind.Transient, Effect: FailedEffect.Unknown })
        {
            // Its answer was lost on the way: as after a timeout.
            failure = failure with { RetrySafe = reads || contract.Idempotent };
        }
        var action = failure switch
        {
            { Effect: FailedEffect.None } => ActionOutcome.NotDone,
            { Effect: FailedEffect.Unknown } => reads ? ActionOutcome.NotDone : ActionOutcome.Unknown,
            { Kind: ToolFailureKind.Permanent or ToolFailureKind.RateLimited } => ActionOutcome.NotDone,
            _ => ActionOutcome.Unknown,
        };
        return new ToolRun(failure, action) { Healthy = failure.Kind is not (ToolFailureKind.Transient or ToolFailureKind.Timeout) };
    }

    /// <summary>What a tool says goes into a prompt and into the timeline, so it is bounded like everything from outside.</summary>
    private static ToolResult.Failure Shortened(ToolResult result) => result is ToolResult.Failure failure
        ? failure with { Message = Shortened(failure.Message), Suggestion = Shortened(failure.Suggestion) }
        : throw new InvalidOperationException($"A tool answered {result?.GetType().Name ?? "null"}.");

    private static string Shortened(string text) => text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";

    private static ToolRun TimedOut(ToolContract contract, TimeSpan timeout)
    {
        var safe = contract.Tier == ToolTier.Read || contract.Idempotent;
        return new ToolRun(
            new ToolResult.Failure(
                ToolFailureKind.Timeout, $"'{contract.Name}' did not answer within {timeout.TotalSeconds:0.#} s.",
                contract.Tier == ToolTier.Read ? "It may be tried again."
                    : "It may have taken effect: do not make it again before that is known.", safe),
            contract.Tier == ToolTier.Read ? ActionOutcome.NotDone : ActionOutcome.Unknown)
        { Healthy = false };
    }

    private static ToolRun Threw(ToolContract contract) => new(
        new ToolResult.Failure(
            ToolFailureKind.Permanent, $"'{contract.Name}' failed unexpectedly.", "Do not repeat the same call; use another tool or answer with what is known.", RetrySafe: false),
        contract.Tier == ToolTier.Read ? ActionOutcome.NotDone : ActionOutcome.Unknown)
    { Healthy = false };
}

internal static partial class ToolLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Tool {Tool} threw in session {SessionId}")]
    public static partial void ToolThrew(ILogger logger, Exception exception, string tool, string sessionId);
}
