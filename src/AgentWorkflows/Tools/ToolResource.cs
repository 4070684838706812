using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>What a call works on, by its contract's resource argument. Pure.</summary>
public static class ToolResource
{
    /// <summary>Such as <c>order_id=1042</c>; <c>null</c> when the contract names no resource or the call leaves it out.</summary>
    public static string? Of(ToolContract contract, JsonElement arguments)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.ResourceArgument is { } name && arguments.ValueKind == JsonValueKind.Object
            && arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? $"{name}={value}"
                : null;
    }
}
