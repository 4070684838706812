using AgentWorkflows.Models;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>Whether what a model said is an answer. Pure.</summary>
internal static class ChatJudge
{
    public static ChatResult Of(ChatAnswer answer, ChatExchange exchange, ChatRequest request, ChatWire wire)
    {
        if (answer.Stop == ChatStop.ContentFilter || (answer.Refusal is not null && answer.Text.Length == 0))
        {
            return new ChatResult.Failed(ChatFailureKind.ContentFilter, "The provider's content filter stopped the answer, or the model refused.", Billed: true)
            {
                RequestId = exchange.RequestId,
                Usage = answer.Count.ToUsage(),
            };
        }
        if (answer.Stop == ChatStop.Error && answer.Text.Length == 0)
        {
            return new ChatResult.Failed(ChatFailureKind.Unavailable, $"The provider failed while the model wrote{(wire.Endpoint is { } at ? $" at {at.Address}" : "")}.", Billed: true)
            {
                RequestId = exchange.RequestId,
                Usage = answer.Count.ToUsage(),
            };
        }
        return new ChatResult.Completed(ModelText.Plain(answer.Text), answer.Count.ToUsage())
        {
            Model = answer.Model,
            RequestId = exchange.RequestId,
            FinishReason = ChatStops.Name(answer.Stop, answer.StopReason),
            Note = NoteOf(answer, request),
        };
    }

    /// <summary>Why there is no text, where what was done instead says what to change.</summary>
    private static string? NoteOf(ChatAnswer answer, ChatRequest request)
    {
        var purpose = ChatQuestion.PurposeOf(request);
        return (answer.Text.Length == 0, answer) switch
        {
            (true, { CallsTools: true }) =>
                "The model called tools in the provider's own way, though none were offered there, instead of writing the JSON object it was asked for. "
                + $"If this goes on, set models.{purpose}.deployment to a model with structured outputs.",
            (_, { Stop: ChatStop.Length, Count: { Reasoning: { } thought, Output: { } all } }) when thought > 0 && thought >= all * 9 / 10 =>
                $"The model used all its {request.MaxOutputTokens} output tokens for reasoning and none were left for the answer. Raise models.{purpose}.max_output_tokens in agent.yaml.",
            (true, { Stop: ChatStop.Length }) =>
                $"The model used its {request.MaxOutputTokens} output tokens without writing anything, as reasoning models do. Raise models.{purpose}.max_output_tokens in agent.yaml.",
            _ => null,
        };
    }
}
