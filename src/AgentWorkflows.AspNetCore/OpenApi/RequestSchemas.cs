using System.Text.Json.Nodes;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>What requests may hold. Bodies are read member by member, so their schemas are written here; a test compares the two.</summary>
internal static class RequestSchemas
{
    public static BodyDoc StartSession { get; } = new("StartSession", Object(["agent", "goal", "context"], new()
    {
        ["agent"] = Text(100, "Which agent."),
        ["goal"] = Text(StartSessionRequest.MaxGoalLength, "What it should achieve."),
        ["context"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Must have the keys the agent requires. user_id names the user whose caps apply; role what the permissions are asked with. At most 16 KiB.",
        },
        ["taskType"] = Text(StartRequestRules.MaxTaskTypeLength, "For reports."),
        ["limits"] = Object([], new()
        {
            ["maxCostUsd"] = new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 },
            ["maxIterations"] = Integer(1),
            ["maxToolCalls"] = Integer(0),
            ["maxTokens"] = Integer(1),
            ["maxAgeSeconds"] = Integer(1),
            ["maxRetries"] = Integer(0),
        }, "May only lower the agent's limits."),
        ["sessionId"] = SessionId("A start that is repeated with the same id is refused, so that it starts once."),
    }), """
        {"agent": "order-desk", "goal": "Refund order 1042, it arrived broken, and tell the customer", "taskType": "refund",
         "context": {"project_id": "demo", "user_id": "u-1", "budget_limit": 1.0, "task_priority": "normal"}, "limits": {"maxCostUsd": 0.1}}
        """);

    public static BodyDoc Reason { get; } = new("Reason", Object([], new() { ["reason"] = Text(1000, "Why; kept in the history.") }), """{"reason": "audit"}""", Optional: true);

    public static BodyDoc Terminate { get; } = new("Terminate", Object([], new()
    {
        ["reason"] = Text(1000, "Why; kept with the session."),
        ["rollback"] = new JsonObject { ["type"] = "boolean", ["default"] = false, ["description"] = "Take back what it did, too." },
    }), """{"reason": "wrong customer", "rollback": true}""", Optional: true);

    public static BodyDoc Fork { get; } = new("Fork", Object(["turn"], new()
    {
        ["turn"] = new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = 0,
            ["maximum"] = 1_000_000,
            ["description"] = "The last turn to take over; 0 starts at the goal again.",
        },
        ["sessionId"] = SessionId("Of the new session."),
    }), """{"turn": 2}""");

    public static BodyDoc Feedback { get; } = new("RateSession", Object(["rating"], new()
    {
        ["rating"] = Choice(Vocabulary.Snake<FeedbackRating>(), "A later rating replaces it."),
        ["comment"] = Text(SessionFeedback.MaxCommentLength, "In the person's words."),
    }), """{"rating": "good", "comment": "Quick, and the customer was told."}""");

    public static BodyDoc Decision { get; } = new("DecideApproval", Object(["decision", "argumentsHash", "approver"], new()
    {
        ["decision"] = Choice(DecisionBody.Words, "edit approves with other arguments."),
        ["argumentsHash"] = Text(64, "Of the arguments that were looked at: a decision holds for these only."),
        ["approver"] = Text(200, "Who decides. Without the role operate: the key's own user."),
        ["reason"] = Text(2000, "The agent is told."),
        ["arguments"] = new JsonObject { ["type"] = "object", ["description"] = "For edit: all arguments, checked against the tool's contract." },
    }), """{"decision": "approve", "argumentsHash": "7d1f…", "approver": "ada"}""".Replace("7d1f…", Examples.Hash, StringComparison.Ordinal));

    public static JsonObject Integer(int least, int? most = null)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most is { } bound)
        {
            schema["maximum"] = bound;
        }
        return schema;
    }

    public static JsonObject Choice(IEnumerable<string> words, string? description = null)
    {
        var schema = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };
        if (description is not null)
        {
            schema["description"] = description;
        }
        return schema;
    }

    public static JsonObject Text(int maxLength, string description) =>
        new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = maxLength, ["description"] = description };

    private static JsonObject SessionId(string description) => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        ["description"] = description,
    };

    private static JsonObject Object(string[] required, JsonObject properties, string? description = null)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }
        if (description is not null)
        {
            schema["description"] = description;
        }
        return schema;
    }
}
