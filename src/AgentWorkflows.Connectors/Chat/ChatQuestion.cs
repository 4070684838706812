using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Screening;
using Microsoft.Extensions.AI;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatRole = Microsoft.Extensions.AI.ChatRole;
using OwnRole = AgentWorkflows.Models.ChatRole;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// A request in the words of <see cref="IChatClient"/>. Tool declarations go into a system message: the plan is structured output, not the provider's tool calls. A schema
/// that the endpoint does not enforce goes into a system message too. Pure.
/// </summary>
internal static class ChatQuestion
{
    internal const string SchemaRule =
        "Answer with one JSON object that follows the JSON schema below, every required member included, and with nothing before or after it.\n";

    /// <param name="enforced">The endpoint is told the schema apart.</param>
    public static IReadOnlyList<ChatMessage> Messages(ChatRequest request, bool enforced)
    {
        var messages = request.Messages.Select(Of).ToList();
        var at = Math.Min(1, messages.Count);
        if (request.ResponseSchema is { } schema && !enforced)
        {
            messages.Insert(at, new ChatMessage(ChatRole.System, SchemaRule + schema.GetRawText()));
        }
        if (request.Tools.Count > 0)
        {
            messages.Insert(at, new ChatMessage(ChatRole.System, "The tools you can plan calls of:\n" + JsonSerializer.Serialize(request.Tools, DurableJson.Options)));
        }
        return messages;
    }

    /// <summary>The name of the schema, where the protocol has one.</summary>
    public static string SchemaName(ChatRequest request) => PurposeOf(request);

    /// <summary>As <c>models</c> in <c>agent.yaml</c> has it.</summary>
    public static string PurposeOf(ChatRequest request) => request.Purpose.ToString().ToLowerInvariant();

    private static ChatMessage Of(AgentWorkflows.Models.ChatMessage message) => message.Role switch
    {
        OwnRole.System => new ChatMessage(ChatRole.System, message.Content),
        OwnRole.User => new ChatMessage(ChatRole.User, message.Content),
        OwnRole.Assistant => new ChatMessage(ChatRole.Assistant, message.Content),
        OwnRole.Tool => new ChatMessage(ChatRole.User, "Tool result:\n" + UntrustedText.Wrap(message.Content)),
        _ => throw new InvalidOperationException($"Unknown role {message.Role}."),
    };
}
