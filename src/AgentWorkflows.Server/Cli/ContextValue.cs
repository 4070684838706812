using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Server.Cli;

/// <summary>What is meant by a value of <c>--context</c>. Pure.</summary>
internal static class ContextValue
{
    /// <summary>Who a session is for and in which role are names, also where they look like numbers.</summary>
    private static readonly string[] Names = ["user_id", "role"];

    /// <summary>A text that is a JSON number, truth value, null, text in quotes, object or list is that; everything else is a text as it stands.</summary>
    public static JsonNode? Of(string key, string text)
    {
        if (Names.Contains(key, StringComparer.Ordinal))
        {
            return JsonValue.Create(text);
        }
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
