using AgentWorkflows.WorkerProtocol.Messages;

namespace AgentWorkflows.WorkerProtocol;

/// <summary>A line of log that the worker sent to the host.</summary>
/// <param name="InvocationId">Of the invocation it belongs to; empty: none. The host shows a line of the app only when it knows the invocation.</param>
/// <param name="OfApp">Written through the app's loggers; else by the worker about itself.</param>
public sealed record WorkerLine(string InvocationId, string Category, string Level, string EventId, string Text, bool OfApp)
{
    internal static WorkerLine Of(RpcLog log) => new(
        log.InvocationId, log.Category, log.Level.ToString(), log.EventId,
        log.Exception is { } exception ? $"{log.Message} ({exception.Type}: {exception.Message})" : log.Message,
        log.LogCategory == RpcLog.Types.RpcLogCategory.User);
}
