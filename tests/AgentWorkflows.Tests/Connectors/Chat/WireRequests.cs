using System.Text.Json;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>What the wire tests ask.</summary>
internal static class WireRequests
{
    public static ChatRequest Plan()
    {
        ToolDeclaration[] tools =
        [
            new("get_order", "Looks one order up.", JsonSerializer.Deserialize<JsonElement>(
                """{"type":"object","properties":{"order_id":{"type":"string","pattern":"^[0-9]+$"}},"required":["order_id"],"additionalProperties":false}""")),
        ];
        var schema = PlanSchema.For(tools);
        return new ChatRequest
        {
            SessionId = "s-1",
            Turn = 1,
            SnapshotHash = "hash",
            Purpose = ModelPurpose.Plan,
            Deployment = "gpt-4.1-mini",
            Messages = [new ChatMessage(ChatRole.System, "Be useful."), new ChatMessage(ChatRole.User, "{}")],
            Tools = tools,
            MaxOutputTokens = 77,
            ResponseSchema = schema.Schema,
            StrictSchema = schema.Strict,
            Timeout = TimeSpan.FromSeconds(50),
        };
    }
}
