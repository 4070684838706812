using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using ModelContextProtocol.Protocol;

namespace AgentWorkflows.Connectors.Mcp;

/// <summary>What a server answered as the result of a tool: its structured content, else its text; of everything else only that it was there. Pure.</summary>
internal static class McpAnswer
{
    public static ToolResult Of(ToolDefinition tool, CallToolResult answer)
    {
        if (answer.IsError == true)
        {
            // The tool ran and failed; that nothing changed the protocol does not say.
            return new ToolResult.Failure(
                ToolFailureKind.Permanent, TextOf(answer) is { Length: > 0 } text ? text : $"'{tool.Name}' failed and did not say why.",
                "Call it in another way, or use another tool.", RetrySafe: false)
            { Effect = FailedEffect.Unknown };
        }
        if (answer.StructuredContent is { ValueKind: not JsonValueKind.Undefined } structured)
        {
            return new ToolResult.Success(structured);
        }
        var value = new JsonObject { ["text"] = TextOf(answer) };
        var others = answer.Content.Where(block => block is not TextContentBlock).Select(JsonNode? (block) => new JsonObject { ["type"] = block.Type }).ToArray();
        if (others.Length > 0)
        {
            value["not_shown"] = new JsonArray(others);
        }
        return new ToolResult.Success(JsonSerializer.SerializeToElement(value));
    }

    private static string TextOf(CallToolResult answer) => string.Join('\n', answer.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
