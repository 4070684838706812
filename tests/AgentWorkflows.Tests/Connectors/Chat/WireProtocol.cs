using System.Text.Json;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>How one provider says what all of them can say: the scripted endpoint's answers in that provider's own protocol.</summary>
internal abstract class WireProtocol
{
    public const string Plan = """{"reason":"r","answer":"a"}""";

    public abstract string Path { get; }

    public abstract string KeyHeader { get; }

    public abstract FakeChatReply Text(string text);

    public abstract FakeChatReply CutOff { get; }

    public abstract FakeChatReply Refusal { get; }

    public abstract FakeChatReply TooLong { get; }

    /// <summary>An error without more than its status says.</summary>
    public abstract string Error { get; }

    public static WireProtocol Of(string name) => name switch
    {
        "Azure" => new Azure(),
        "Anthropic" => new Anthropic(),
        "Ollama" => new Ollama(),
        _ => new Completions(),
    };

    public static ModelEndpoint Endpoint(string name, FakeChatEndpoint server, SchemaMode schemas = SchemaMode.Strict) =>
        new(new Uri(server.BaseAddress, name == "OpenAI" ? "" : "/"), "key-1", Enum.Parse<ModelProvider>(name)) { Schemas = schemas, KeySetting = "THE_KEY", AddressSetting = "THE_ADDRESS" };

    private class Completions : WireProtocol
    {
        public override string Path => "/v1/chat/completions";

        public override string KeyHeader => "Authorization";

        public override FakeChatReply CutOff => FakeChatReply.Text("{", new ChatUsage(120, 20, 77), "length");

        public override FakeChatReply Refusal => FakeChatReply.Text(null, new ChatUsage(120, 20, 5), refusal: "I will not.");

        public override FakeChatReply TooLong => FakeChatReply.Error(400, "context_length_exceeded");

        public override string Error => """{"error":{"message":"secret prompt text","type":"error","code":null}}""";

        public override FakeChatReply Text(string text) => FakeChatReply.Text(text, new ChatUsage(120, 20, 30));
    }

    private sealed class Azure : Completions
    {
        public override string Path => "/openai/deployments/model-1/chat/completions";

        public override string KeyHeader => "api-key";

        public override string Error => """{"error":{"message":"secret prompt text","code":"BadThing","innererror":{"code":"Worse"}}}""";
    }

    private sealed class Anthropic : WireProtocol
    {
        public override string Path => "/v1/messages";

        public override string KeyHeader => "Authorization";

        public override FakeChatReply CutOff => Message("{", "max_tokens", 77);

        public override FakeChatReply Refusal => Message("", "refusal", 5);

        public override FakeChatReply TooLong => new(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""");

        public override string Error => """{"type":"error","error":{"type":"some_error","message":"secret prompt text"}}""";

        public override FakeChatReply Text(string text) => Message(text, "end_turn", 30);

        private static FakeChatReply Message(string text, string reason, int output) => new(200, JsonSerializer.Serialize(new
        {
            id = "msg_1",
            type = "message",
            role = "assistant",
            model = "model-1-20260101",
            content = new[] { new { type = "text", text } },
            stop_reason = reason,
            stop_sequence = (string?)null,
            usage = new { input_tokens = 90, cache_creation_input_tokens = 10, cache_read_input_tokens = 20, output_tokens = output },
        }))
        {
            Headers = new Dictionary<string, string> { ["request-id"] = FakeChatReply.RequestId },
        };
    }

    private sealed class Ollama : WireProtocol
    {
        public override string Path => "/api/chat";

        public override string KeyHeader => "Authorization";

        public override FakeChatReply CutOff => Chat("{", "length", 77);

        /// <summary>It has no filter of its own.</summary>
        public override FakeChatReply Refusal => Chat("", "content_filter", 5);

        public override FakeChatReply TooLong => new(400, """{"error":"input length exceeds the context length"}""");

        public override string Error => """{"error":"secret prompt text"}""";

        public override FakeChatReply Text(string text) => Chat(text, "stop", 30);

        private static FakeChatReply Chat(string content, string reason, int output) => new(200, JsonSerializer.Serialize(new
        {
            model = "model-1:latest",
            created_at = "2026-11-20T10:00:00Z",
            message = new { role = "assistant", content },
            done = true,
            done_reason = reason,
            total_duration = 1L,
            prompt_eval_count = 120,
            eval_count = output,
        }));
    }
}
