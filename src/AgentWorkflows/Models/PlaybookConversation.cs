using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;

namespace AgentWorkflows.Models;

/// <summary>What the offline playbook model reads from a request's messages: the goal, the context and what became of each step.</summary>
internal sealed record PlaybookConversation(string Goal, JsonElement Context, IReadOnlyDictionary<string, Observation> Observations)
{
    /// <exception cref="JsonException">The messages are not of the agreed form.</exception>
    public static PlaybookConversation Read(IReadOnlyList<ChatMessage> messages)
    {
        var user = messages.FirstOrDefault(message => message.Role == ChatRole.User) ?? throw new JsonException("There is no user message.");
        using var request = JsonDocument.Parse(user.Content);
        if (request.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("goal", out var goal) || goal.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("The user message is no object with a goal.");
        }
        var observations = new Dictionary<string, Observation>(StringComparer.Ordinal);
        foreach (var message in messages.Where(message => message.Role == ChatRole.Tool))
        {
            var observation = JsonSerializer.Deserialize<Observation>(message.Content, DurableJson.Options)
                ?? throw new JsonException("A tool message is null.");
            observations[observation.StepId] = observation;
        }
        var context = root.TryGetProperty("context", out var given) ? given.Clone() : default;
        return new PlaybookConversation(goal.GetString()!, context, observations);
    }
}
