using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Screening;
using AssistantMessage = OpenAI.Chat.AssistantChatMessage;
using ChatMessage = AgentWorkflows.Models.ChatMessage;
using SystemMessage = OpenAI.Chat.SystemChatMessage;
using UserMessage = OpenAI.Chat.UserChatMessage;

namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>A request's messages as the SDK's. Tool declarations go into a system message: the plan is structured output, not the provider's tool calls.</summary>
internal static class OpenAIMessages
{
    public static IReadOnlyList<global::OpenAI.Chat.ChatMessage> Of(ChatRequest request)
    {
        var messages = request.Messages.Select(Of).ToList();
        if (request.Tools.Count > 0)
        {
            messages.Insert(Math.Min(1, messages.Count),
                new SystemMessage("The tools you can plan calls of:\n" + JsonSerializer.Serialize(request.Tools, DurableJson.Options)));
        }
        return messages;
    }

    private static global::OpenAI.Chat.ChatMessage Of(ChatMessage message) => message.Role switch
    {
        ChatRole.System => new SystemMessage(message.Content),
        ChatRole.User => new UserMessage(message.Content),
        ChatRole.Assistant => new AssistantMessage(message.Content),
        ChatRole.Tool => new UserMessage("Tool result:\n" + UntrustedText.Wrap(message.Content)),
        _ => throw new InvalidOperationException($"Unknown role {message.Role}."),
    };
}
