using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>What a call works on, by its contract's resource argument. Pure.</summary>
internal static class ToolResource
{
    /// <summary>
    /// Such as <c>order_id=1042</c>, the same however the number is written (<c>1042.0</c>, <c>1.042e3</c>); <c>null</c> when the contract names no
    /// resource or the call leaves it out.
    /// </summary>
    public static string? Of(ToolContract contract, JsonElement arguments)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.ResourceArgument is { } name && arguments.ValueKind == JsonValueKind.Object
            && arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? $"{name}={Text(value)}"
                : null;
    }

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            ? number.ToString("0.############################", CultureInfo.InvariantCulture)
            : value.ToString();
}
