using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>What a runner is told.</summary>
internal abstract record Message;

/// <summary>Look whether there is something to do: a start, work left by the last process.</summary>
internal sealed record Wake : Message
{
    public static readonly Wake Instance = new();
}

/// <summary>The clock had reached <paramref name="Due"/>, when a timer of the instance fires.</summary>
internal sealed record TimerDue(long Due) : Message;

/// <param name="Result">A <see cref="TaskCompleted"/> or <see cref="TaskFailed"/>.</param>
internal sealed record ActivityDone(int Execution, int TaskId, HistoryEvent Result) : Message;

/// <param name="Result">A <see cref="SubOrchestrationCompleted"/> or <see cref="SubOrchestrationFailed"/>.</param>
/// <param name="ReportedChild">The child whose end this tells; <c>null</c> when the child never started.</param>
internal sealed record ChildDone(ParentLink Parent, HistoryEvent Result, string? ReportedChild) : Message;

/// <summary>Asked for by a client, who is answered when the change is durable.</summary>
internal abstract record Command : Message
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<CommandOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CommandOutcome> Answered => _answer.Task;

    public void Answer(CommandOutcome outcome) => _answer.TrySetResult(outcome);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}

internal sealed record RaiseCommand(EventRaised Event) : Command;

internal sealed record SuspendCommand(string? Reason) : Command;

internal sealed record ResumeCommand(string? Reason) : Command;
