using System.Text.Json;

namespace AgentWorkflows.WorkerProtocol;

/// <summary>What of a binding decides what an invocation sends for it.</summary>
internal sealed record BindingView(string Name, string Type, bool IsInput)
{
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    public static BindingView Read(string json)
    {
        using var binding = JsonDocument.Parse(json);
        return new BindingView(
            Text(binding.RootElement, "name"), Text(binding.RootElement, "type"), !string.Equals(Text(binding.RootElement, "direction"), "Out", StringComparison.OrdinalIgnoreCase));
    }

    private static string Text(JsonElement binding, string key) => binding.GetProperty(key).GetString() ?? "";
}
