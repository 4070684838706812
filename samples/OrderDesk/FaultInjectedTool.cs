using System.Text.Json;
using AgentWorkflows.Tools;

namespace OrderDesk;

/// <summary>See <see cref="OrderDeskOptions"/>.</summary>
internal sealed class FaultInjectedTool(ITool inner, TimeSpan delay, bool fails, TimeProvider time) : ITool
{
    public string Name => inner.Name;

    public JsonElement ParametersSchema => inner.ParametersSchema;

    public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (fails)
        {
            return ToolResult.Permanent($"{Name} is out of order (fault injection).", "Do not try again.");
        }
        var result = await inner.ExecuteAsync(invocation, cancellationToken);
        await Task.Delay(delay, time, cancellationToken);
        return result;
    }
}
