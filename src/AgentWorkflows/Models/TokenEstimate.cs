namespace AgentWorkflows.Models;

/// <summary>Four characters a token, rounded up per message and per tool: for what needs a stable number and not a right one. Windows go by <see cref="WindowCheck"/>.</summary>
internal static class TokenEstimate
{
    private const int CharactersPerToken = 4;

    /// <summary>Input tokens of a request: all messages and tool declarations.</summary>
    public static int Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Messages.Sum(message => Of(message.Content)) + RequestFrame.Of(request).ToolTokens;
    }

    public static int Of(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
