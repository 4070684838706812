using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>The body of <c>POST /api/sessions</c>. Checks its shape; whether the agent knows what it asks for is the service's to say.</summary>
internal static class StartSessionBody
{
    private const int MaxNameLength = 100;

    /// <returns><c>null</c> when there are <paramref name="problems"/>.</returns>
    public static StartSessionRequest? Read(JsonElement body, List<RequestProblem> problems)
    {
        if (BodyReader.Root(body, problems) is not { } reader)
        {
            return null;
        }
        var agent = reader.RequiredText("agent", MaxNameLength);
        var goal = reader.RequiredText("goal", StartSessionRequest.MaxGoalLength);
        var context = reader.RequiredObject("context");
        var taskType = reader.OptionalText("taskType", MaxNameLength);
        var limits = ReadLimits(reader);
        var sessionId = reader.OptionalText("sessionId", MaxNameLength);
        reader.Finish();
        if (context is { } given && Encoding.UTF8.GetByteCount(given.GetRawText()) > StartSessionRequest.MaxContextBytes)
        {
            reader.Add("too_long", "context", $"Must be at most {StartSessionRequest.MaxContextBytes / 1024} KiB of JSON.");
        }
        if (sessionId is not null && !IsSessionId(sessionId))
        {
            reader.Add("invalid_value", "sessionId", "Must be 1 to 100 letters, digits, '.', '_' or '-'.");
        }
        if (problems.Count > 0)
        {
            return null;
        }
        var request = new StartSessionRequest { Agent = agent!, Goal = goal!, Context = context!.Value, Limits = limits, SessionId = sessionId };
        return taskType is null ? request : request with { TaskType = taskType };
    }

    public static bool IsSessionId(string id) =>
        id.Length is > 0 and <= MaxNameLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static RequestedLimits ReadLimits(BodyReader body)
    {
        if (body.Object("limits") is not { } reader)
        {
            return new RequestedLimits();
        }
        var limits = new RequestedLimits
        {
            MaxCostUsd = reader.OptionalDecimal("maxCostUsd"),
            MaxIterations = reader.OptionalInt32("maxIterations"),
            MaxToolCalls = reader.OptionalInt32("maxToolCalls"),
            MaxTokens = reader.OptionalInt32("maxTokens"),
            MaxAgeSeconds = reader.OptionalInt32("maxAgeSeconds"),
            MaxRetries = reader.OptionalInt32("maxRetries"),
        };
        reader.Finish();
        return limits;
    }
}
