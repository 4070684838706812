namespace AgentWorkflows.Tools;

/// <summary>A tool that can tell beforehand what a call would change, for the person who approves it. Changes nothing. Bounded by the contract's timeout.</summary>
public interface IPreviewingTool : ITool
{
    /// <returns>Empty when it cannot tell.</returns>
    Task<IReadOnlyList<PreviewedChange>> PreviewAsync(ToolInvocation invocation, CancellationToken cancellationToken);
}

/// <param name="What">In words, such as <c>Payment of order 1042</c>.</param>
/// <param name="Before">How it is; empty when it does not exist.</param>
/// <param name="After">How it would be; empty when it would be gone.</param>
public sealed record PreviewedChange(string What, string Before, string After);
