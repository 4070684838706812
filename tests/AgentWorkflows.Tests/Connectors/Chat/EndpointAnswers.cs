using System.Text.Json;
using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>What a call is charged.</summary>
internal enum Charged
{
    Nothing,

    /// <summary>What the endpoint says it counted.</summary>
    Usage,

    /// <summary>The reservation, in doubt.</summary>
    Reservation,

    /// <summary>The most the request can have cost, in doubt: more was said than can be.</summary>
    Bound,
}

/// <param name="Kind"><c>null</c>: an answer.</param>
/// <param name="IsPlan">Of an answer: it can be used.</param>
/// <param name="Told">What operators are told, at least.</param>
internal sealed record EndpointAnswer(string Name, FakeChatReply Reply, ChatFailureKind? Kind, bool IsPlan, Charged Charged, string? Told, double? RetryAfter);

/// <summary>Every kind of answer of an OpenAI-compatible endpoint that is known here, with what becomes of it. Servers' own words are theirs, as published or seen.</summary>
internal static class EndpointAnswers
{
    public const string Usage = """{"prompt_tokens":120,"completion_tokens":30,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":20}}""";
    private static readonly string PlanText = JsonSerializer.Serialize(WireProtocol.Plan);
    private static readonly string Whole = Completion(Message(PlanText));

    public static IReadOnlyList<EndpointAnswer> All { get; } =
    [
        .. Usages(), .. Endings(), .. Texts(), .. NoAnswers(), .. ErrorsInside(), .. TooLong(), .. Filters(), .. Quotas(), .. Rates(), .. Keys(), .. Deployments(), .. Parameters(),
        .. Outages(), .. Redirects(),
    ];

    private static IEnumerable<EndpointAnswer> Usages()
    {
        yield return Plan("as published", Whole, Charged.Usage);
        yield return Plan("no usage", Completion(Message(PlanText), usage: null), Charged.Reservation);
        yield return Plan("usage null", Completion(Message(PlanText), usage: "null"), Charged.Reservation);
        yield return Plan("usage empty", Completion(Message(PlanText), usage: "{}"), Charged.Reservation);
        yield return Plan("usage a text", Completion(Message(PlanText), usage: "\"none\""), Charged.Reservation);
        yield return Plan("usage a list", Completion(Message(PlanText), usage: "[]"), Charged.Reservation);
        yield return Plan("usage without output", Completion(Message(PlanText), usage: """{"prompt_tokens":120}"""), Charged.Reservation);
        yield return Plan("usage without input", Completion(Message(PlanText), usage: """{"completion_tokens":30}"""), Charged.Reservation);
        yield return Plan("usage of zero", Completion(Message(PlanText), usage: """{"prompt_tokens":0,"completion_tokens":0}"""), Charged.Reservation);
        yield return Plan("usage in floats", Completion(Message(PlanText), usage: """{"prompt_tokens":120.0,"completion_tokens":30.0,"prompt_tokens_details":{"cached_tokens":20.0}}"""), Charged.Usage);
        yield return Plan("usage in exponents", Completion(Message(PlanText), usage: """{"prompt_tokens":1.2e2,"completion_tokens":3e1,"prompt_tokens_details":{"cached_tokens":2e1}}"""), Charged.Usage);
        yield return Plan("usage in strings", Completion(Message(PlanText), usage: """{"prompt_tokens":"120","completion_tokens":"30","prompt_tokens_details":{"cached_tokens":"20"}}"""), Charged.Usage);
        yield return Plan("usage in fractions", Completion(Message(PlanText), usage: """{"prompt_tokens":120.5,"completion_tokens":30}"""), Charged.Reservation);
        yield return Plan("usage negative", Completion(Message(PlanText), usage: """{"prompt_tokens":-120,"completion_tokens":30}"""), Charged.Reservation);
        yield return Plan("output negative", Completion(Message(PlanText), usage: """{"prompt_tokens":120,"completion_tokens":-30}"""), Charged.Reservation);
        yield return Plan("usage in words", Completion(Message(PlanText), usage: """{"prompt_tokens":"many","completion_tokens":30}"""), Charged.Reservation);
        yield return Plan("usage in the names of responses", Completion(Message(PlanText), usage: """{"input_tokens":120,"output_tokens":30,"input_tokens_details":{"cached_tokens":20}}"""), Charged.Usage);
        yield return Plan("cached in DeepSeek's name", Completion(Message(PlanText), usage: """{"prompt_tokens":120,"completion_tokens":30,"prompt_cache_hit_tokens":20}"""), Charged.Usage);
        yield return Plan("details null", Completion(Message(PlanText), usage: """{"prompt_tokens":110,"completion_tokens":30,"prompt_tokens_details":null}"""), Charged.Usage);
        yield return Plan("details a number", Completion(Message(PlanText), usage: """{"prompt_tokens":110,"completion_tokens":30,"prompt_tokens_details":7}"""), Charged.Usage);
        yield return Plan("more cached than input", Completion(Message(PlanText), usage: """{"prompt_tokens":100,"completion_tokens":60,"prompt_tokens_details":{"cached_tokens":900}}"""), Charged.Usage);
        yield return Plan("two billion input tokens", Completion(Message(PlanText), usage: """{"prompt_tokens":2000000000,"completion_tokens":30}"""), Charged.Bound, "counted 2000000000 input");
        yield return Plan("more input tokens than fit", Completion(Message(PlanText), usage: """{"prompt_tokens":20000000000000,"completion_tokens":30}"""), Charged.Bound, "in doubt");
        yield return Plan("input tokens beyond any number", Completion(Message(PlanText), usage: """{"prompt_tokens":1e300,"completion_tokens":30}"""), Charged.Reservation);
        yield return Plan("more output tokens than asked for", Completion(Message(PlanText), usage: """{"prompt_tokens":120,"completion_tokens":78}"""), Charged.Bound, "78 output tokens");
        yield return Plan("two billion output tokens", Completion(Message(PlanText), usage: """{"prompt_tokens":120,"completion_tokens":2000000000}"""), Charged.Bound, "2000000000 output tokens");
    }

    private static IEnumerable<EndpointAnswer> Endings()
    {
        foreach (var reason in new[] { "null", "\"\"", "\"eos\"", "\"STOP\"", "\"end_turn\"", "\"something_new\"", "7", "{}", "\"tool_calls\"", "\"length\"" })
        {
            // A plan that is whole is one, whatever the endpoint says of its end.
            yield return Plan($"finish_reason {reason}", Completion(Message(PlanText), finish: reason), Charged.Usage);
        }
        yield return Plan("no finish_reason", Completion(Message(PlanText), finish: null), Charged.Usage);
        foreach (var reason in new[] { "length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens" })
        {
            yield return NoPlan($"cut off: {reason}", Completion(Message("\"{\\\"reason\\\":\\\"r\""), finish: $"\"{reason}\""), Charged.Usage, null);
        }
        yield return NoPlan(
            "all tokens for reasoning", Completion(Message("\"\""), finish: "\"length\"", usage: """{"prompt_tokens":16,"completion_tokens":77,"completion_tokens_details":{"reasoning_tokens":77}}"""), Charged.Usage,
            "used all its 77 output tokens for reasoning and none were left for the answer. Raise models.plan.max_output_tokens");
        yield return NoPlan("nothing written", Completion(Message("null"), finish: "\"length\""), Charged.Usage, "Raise models.plan.max_output_tokens in agent.yaml");
        foreach (var reason in new[] { "content_filter", "SAFETY", "refusal", "content-filter" })
        {
            yield return Fails($"filtered: {reason}", Completion(Message("\"{\""), finish: $"\"{reason}\""), ChatFailureKind.ContentFilter, Charged.Usage);
        }
        yield return Fails("refused", Completion("""{"role":"assistant","content":null,"refusal":"I will not."}"""), ChatFailureKind.ContentFilter, Charged.Usage);
        yield return Fails("refused without usage", Completion("""{"role":"assistant","content":null,"refusal":"I will not."}""", usage: null), ChatFailureKind.ContentFilter, Charged.Reservation);
        yield return Fails("failed on the way", Completion(Message("\"\""), finish: "\"error\""), ChatFailureKind.Unavailable, Charged.Usage, "failed while the model wrote");
    }

    private static IEnumerable<EndpointAnswer> Texts()
    {
        string Text(string text) => Completion(Message(JsonSerializer.Serialize(text)));
        yield return Plan("byte order mark before the body", "\uFEFF" + Whole, Charged.Usage);
        yield return Plan("byte order mark before the plan", Text("\uFEFF" + WireProtocol.Plan), Charged.Usage);
        yield return Plan("thoughts before the plan", Text("<think>\nFirst {this}, then that.\n</think>\n\n" + WireProtocol.Plan), Charged.Usage);
        yield return Plan("thoughts whose beginning was swallowed", Text("First this, then that.\n</think>\n" + WireProtocol.Plan), Charged.Usage);
        yield return Plan("thoughts and a fence", Text("<think>Hm.</think>```json\n" + WireProtocol.Plan + "\n```"), Charged.Usage);
        yield return Plan("a fence", Text("```json\n" + WireProtocol.Plan + "\n```"), Charged.Usage);
        yield return Plan("blanks around", Text("\n\n  " + WireProtocol.Plan + "\n"), Charged.Usage);
        yield return NoPlan("thoughts without an end", Text("<think>" + WireProtocol.Plan), Charged.Usage, null);
        yield return NoPlan("words before the plan", Text("Here it is: " + WireProtocol.Plan), Charged.Usage, null);
        yield return NoPlan("words after the plan", Text(WireProtocol.Plan + " Anything else?"), Charged.Usage, null);
        yield return Plan("content in parts", Completion("""{"role":"assistant","content":[{"type":"text","text":"{\"reason\":\"r\","},{"type":"text","text":"\"answer\":\"a\"}"}]}"""), Charged.Usage);
        yield return Plan("content in thoughts and parts", Completion("""{"role":"assistant","content":[{"type":"thinking","thinking":[]},{"type":"text","text":"{\"reason\":\"r\",\"answer\":\"a\"}"}]}"""), Charged.Usage);
        yield return Plan("content as an object", Completion($$"""{"role":"assistant","content":{{WireProtocol.Plan}}}"""), Charged.Usage);
        yield return Plan("reasoning beside the content", Completion($$"""{"role":"assistant","content":{{PlanText}},"reasoning_content":"Hm."}"""), Charged.Usage);
        yield return Plan("no role", Completion($$"""{"content":{{PlanText}}}"""), Charged.Usage);
        yield return Plan("an unknown role", Completion($$"""{"role":"model","content":{{PlanText}}}"""), Charged.Usage);
        yield return Plan("text of the older completions", $$"""{"choices":[{"text":{{PlanText}}}],"usage":{{Usage}}}""", Charged.Usage);
        yield return Plan("nothing but choices", $$$"""{"choices":[{"message":{"content":{{{PlanText}}}}}]}""", Charged.Reservation);
        yield return Plan("odd id, model and date", $$"""{"id":7,"object":null,"created":"today","model":null,"choices":[{"index":"0","message":{"role":"assistant","content":{{PlanText}}},"finish_reason":"stop"}],"usage":{{Usage}}}""", Charged.Usage);
        yield return Plan("several choices", $$$"""{"choices":[{"message":{"content":{{{PlanText}}}}},{"message":{"content":"x"}}],"usage":{{{Usage}}}}""", Charged.Usage);
        yield return Plan("a null error beside the answer", Whole[..^1] + ",\"error\":null}", Charged.Usage);
        yield return NoPlan("content null", Completion(Message("null")), Charged.Usage, null);
        yield return NoPlan("content a number", Completion(Message("7")), Charged.Usage, null);
        yield return NoPlan(
            "tools called in the protocol's way", Completion("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"get_order","arguments":"{}"}}]}""", finish: "\"tool_calls\""), Charged.Usage,
            "called tools in the provider's own way");
        yield return NoPlan("a function called in the oldest way", Completion("""{"role":"assistant","content":null,"function_call":{"name":"get_order","arguments":"{}"}}""", finish: "\"function_call\""), Charged.Usage, "called tools in the provider's own way");
        yield return NoPlan("malformed tool calls", Completion("""{"role":"assistant","content":"","tool_calls":["x"]}"""), Charged.Usage, "set models.plan.deployment");
    }

    private static IEnumerable<EndpointAnswer> NoAnswers()
    {
        foreach (var (name, body) in new[]
        {
            ("empty", ""), ("a page", "<html>ok</html>"), ("half", Whole[..80]), ("a number", "7"), ("a text", "\"ok\""), ("a list", "[]"), ("an empty object", "{}"), ("null", "null"),
            ("no choices", """{"choices":[]}"""), ("choices null", """{"choices":null}"""), ("choices of nothing", """{"choices":[null]}"""), ("choices without a message", """{"choices":[{"finish_reason":"stop"}]}"""),
            ("a stream", "data: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\ndata: [DONE]\n\n"), ("binary", "\u0000\u0001\u0002"), ("two answers", Whole + Whole),
        })
        {
            yield return Fails($"no answer: {name}", body, ChatFailureKind.InvalidResponse, Charged.Reservation, "something that is not a chat completion at http");
        }
        yield return new EndpointAnswer("no answer: without end", new FakeChatReply(200, "{\"choices\":\"") { Endless = true }, ChatFailureKind.InvalidResponse, false, Charged.Reservation, "more than 8 MB", null);
        yield return new EndpointAnswer("no answer: 204", new FakeChatReply(204, ""), ChatFailureKind.InvalidResponse, false, Charged.Reservation, null, null);
        yield return new EndpointAnswer("no answer: cut", new FakeChatReply(200, Whole) { CutAfter = 40 }, ChatFailureKind.CutOff, false, Charged.Reservation, "connection broke", null);
    }

    private static IEnumerable<EndpointAnswer> ErrorsInside()
    {
        yield return Fails("inside: rate limit", """{"error":{"message":"secret","code":429}}""", ChatFailureKind.RateLimited, Charged.Nothing, "(429, 429 at");
        yield return Fails("inside: rate limit by name", """{"error":{"message":"secret","type":"rate_limit_error","code":null}}""", ChatFailureKind.RateLimited, Charged.Nothing);
        yield return Fails("inside: overloaded", """{"error":{"message":"secret","code":503}}""", ChatFailureKind.Unavailable, Charged.Nothing);
        yield return Fails("inside: wrong key", """{"error":{"message":"secret","code":"invalid_api_key"}}""", ChatFailureKind.Unauthorized, Charged.Nothing, "Check THE_KEY");
        yield return Fails("inside: no money", """{"error":{"message":"secret","code":402}}""", ChatFailureKind.QuotaExhausted, Charged.Nothing);
        yield return Fails("inside: a text", """{"error":"secret"}""", ChatFailureKind.InvalidRequest, Charged.Nothing);
        yield return Fails("inside: too long", """{"error":{"message":"This model's maximum context length is 8192 tokens. secret"}}""", ChatFailureKind.ContextLength, Charged.Nothing);
        yield return Fails("inside: vLLM's way", """{"object":"error","message":"secret","type":"NotFoundError","param":null,"code":404}""", ChatFailureKind.UnknownDeployment, Charged.Nothing);
        yield return Fails("inside: in a choice", """{"choices":[{"error":{"code":502,"message":"secret"},"finish_reason":"error"}]}""", ChatFailureKind.Unavailable, Charged.Nothing);
        yield return Fails("inside: a list", """[{"error":{"code":429,"message":"secret","status":"RESOURCE_EXHAUSTED"}}]""", ChatFailureKind.RateLimited, Charged.Nothing);
    }

    private static IEnumerable<EndpointAnswer> TooLong()
    {
        EndpointAnswer Of(string name, int status, string body) => Fails($"too long: {name}", status, body, ChatFailureKind.ContextLength, "longer than the model's context");
        yield return Of("OpenAI", 400, """{"error":{"message":"secret","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""");
        yield return Of("a long text", 400, """{"error":{"message":"secret","code":"string_above_max_length"}}""");
        yield return Of("vLLM", 400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens. secret","type":"BadRequestError","param":null,"code":400}""");
        yield return Of("TGI", 422, """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. secret","error_type":"validation"}""");
        yield return Of("llama.cpp", 400, """{"error":{"code":400,"message":"the request exceeds the available context size. secret","type":"exceed_context_size_error"}}""");
        yield return Of("llama.cpp, older", 500, """{"error":{"code":500,"message":"the request exceeds the available context size. secret","type":"server_error"}}""");
        yield return Of("Mistral", 400, """{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length secret","type":"invalid_request_error","code":"3051"}""");
        yield return Of("GitHub Models", 413, """{"error":{"code":"tokens_limit_reached","message":"secret"}}""");
        yield return Of("a gateway's limit", 413, "<html>413 Request Entity Too Large</html>");
        yield return Of("Gemini", 400, """[{"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed. secret","status":"INVALID_ARGUMENT"}}]""");
        yield return Of("LiteLLM", 400, """{"error":{"message":"litellm.ContextWindowExceededError: prompt is too long: 210000 tokens > 200000 maximum secret","type":null,"param":null,"code":"400"}}""");
        yield return Fails(
            "too long: for the minute", 429, """{"error":{"message":"Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 45000. secret","type":"tokens","code":"rate_limit_exceeded"}}""",
            ChatFailureKind.ContextLength, "more tokens than the deployment may take in a minute");
        yield return Fails("too long: for the minute, 413", 413, """{"error":{"message":"Request too large for model `llama` on tokens per minute (TPM). secret","type":"tokens","code":"rate_limit_exceeded"}}""", ChatFailureKind.ContextLength, "Waiting does not help");
    }

    private static IEnumerable<EndpointAnswer> Filters()
    {
        EndpointAnswer Of(string name, int status, string body) => Fails($"filter: {name}", status, body, ChatFailureKind.ContentFilter, "content filter refused the prompt");
        yield return Of("Azure", 400, """{"error":{"message":"The response was filtered. secret","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""");
        yield return Of("Azure, inner code only", 400, """{"error":{"message":"secret","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""");
        yield return Of("Azure, in words", 400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy. secret"}}""");
        yield return Of("OpenAI", 400, """{"error":{"message":"secret","code":"content_policy_violation"}}""");
        yield return Of("OpenAI, reasoning", 400, """{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy. secret","code":"invalid_prompt"}}""");
        yield return Of("a gateway", 403, """{"error":{"message":"Blocked by guardrail. secret"}}""");
    }

    private static IEnumerable<EndpointAnswer> Quotas()
    {
        EndpointAnswer Of(string name, int status, string body) => Fails($"quota: {name}", status, body, ChatFailureKind.QuotaExhausted, "models.plan.fallback");
        yield return Of("OpenAI", 429, """{"error":{"message":"secret","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""");
        yield return Of("OpenAI, by its type", 429, """{"error":{"message":"secret","type":"insufficient_quota","param":null,"code":null}}""");
        yield return Of("OpenAI, billing", 400, """{"error":{"message":"secret","code":"billing_hard_limit_reached"}}""");
        yield return Of("in words", 429, """{"error":{"message":"You exceeded your current quota, please check your plan. secret"}}""");
        yield return Of("402", 402, """{"error":{"message":"secret","code":402}}""");
        yield return Of("402 without a body", 402, "");
        yield return Of("DeepSeek", 402, """{"error":{"message":"Insufficient Balance secret","type":"unknown_error","code":"invalid_request_error"}}""");
        yield return Of("credits, 403", 403, """{"error":{"message":"Insufficient credits. Add more credits. secret"}}""");
    }

    private static IEnumerable<EndpointAnswer> Rates()
    {
        EndpointAnswer Of(string name, string body, double? after, params (string Name, string Value)[] headers) => new(
            $"rate: {name}", new FakeChatReply(429, body) { Headers = headers.ToDictionary(header => header.Name, header => header.Value) },
            ChatFailureKind.RateLimited, false, Charged.Nothing, "rate limit is reached (429", after);
        yield return Of("OpenAI", """{"error":{"message":"secret","type":"requests","code":"rate_limit_exceeded"}}""", 2, ("Retry-After", "2"));
        yield return Of("Azure", """{"error":{"code":"429","message":"Requests have exceeded token rate limit of your current OpenAI S0 pricing tier. secret"}}""", 6, ("Retry-After", "6"), ("x-ms-retry-after-ms", "6000"));
        yield return Of("Azure's gateway", """{"statusCode":429,"message":"Rate limit is exceeded. Try again in 3 seconds. secret"}""", 3, ("Retry-After", "3"));
        yield return Of("milliseconds", "", 1.5, ("retry-after-ms", "1500"), ("Retry-After", "2"));
        yield return Of("a date", "", 90, ("Retry-After", "Fri, 20 Nov 2026 10:01:30 GMT"), ("Date", "Fri, 20 Nov 2026 10:00:00 GMT"));
        yield return Of("a past date", "", null, ("Retry-After", "Fri, 20 Nov 2026 09:00:00 GMT"), ("Date", "Fri, 20 Nov 2026 10:00:00 GMT"));
        yield return Of("a date in years", "", null, ("Retry-After", "Fri, 20 Nov 2036 10:00:00 GMT"), ("Date", "Fri, 20 Nov 2026 10:00:00 GMT"));
        yield return Of("nonsense", "", null, ("Retry-After", "soon"));
        yield return Of("negative", "", null, ("Retry-After", "-5"));
        yield return Of("for ever", "", null, ("Retry-After", "999999999999"));
        yield return Of("not a number", "", null, ("Retry-After", "NaN"));
        yield return Of("a page", "<html>Too Many Requests</html>", null);
        yield return Fails("rate: Anthropic's name behind a gateway, 400", 400, """{"error":{"type":"rate_limit_error","message":"secret"}}""", ChatFailureKind.RateLimited, null);
    }

    private static IEnumerable<EndpointAnswer> Keys()
    {
        foreach (var (status, body) in new[]
        {
            (401, """{"error":{"message":"Incorrect API key provided: sk-secret.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"""), (401, ""), (403, "<html>Forbidden</html>"),
            (401, """{"detail":"Not authenticated secret"}"""), (400, """{"error":{"message":"secret","code":"invalid_api_key"}}"""), (403, """{"error":{"code":"PermissionDenied","message":"secret"}}"""),
        })
        {
            yield return Fails($"key: {status} {body}", status, body, ChatFailureKind.Unauthorized, "Check THE_KEY.");
        }
        yield return Fails("key: of a proxy", 407, "", ChatFailureKind.Unauthorized, "HTTPS_PROXY");
    }

    private static IEnumerable<EndpointAnswer> Deployments()
    {
        yield return Fails("deployment: OpenAI", 404, """{"error":{"message":"The model `gpt-9` does not exist secret","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", ChatFailureKind.UnknownDeployment, "Check models.plan.deployment");
        yield return Fails("deployment: Azure", 404, """{"error":{"code":"DeploymentNotFound","message":"secret"}}""", ChatFailureKind.UnknownDeployment, "(404, DeploymentNotFound at http");
        yield return Fails("deployment: in a 400", 400, """{"error":{"message":"secret","code":"model_not_found"}}""", ChatFailureKind.UnknownDeployment, "no such deployment or model as 'gpt-4.1-mini'");
        yield return Fails("deployment: in words", 400, """{"error":{"message":"model 'x' not found, try pulling it first secret"}}""", ChatFailureKind.UnknownDeployment, "models.plan.deployment");
        yield return Fails("deployment: vLLM", 404, """{"object":"error","message":"The model `x` does not exist. secret","type":"NotFoundError","param":null,"code":404}""", ChatFailureKind.UnknownDeployment, "models.plan.deployment");
        foreach (var status in new[] { 404, 405, 410, 501 })
        {
            yield return Fails($"deployment: wrong path, {status}", status, "<html>secret</html>", ChatFailureKind.UnknownDeployment, "Nothing answers model calls there");
        }
        yield return Fails("deployment: FastAPI's wrong path", 404, """{"detail":"Not Found"}""", ChatFailureKind.UnknownDeployment, "THE_ADDRESS");
    }

    private static IEnumerable<EndpointAnswer> Parameters()
    {
        EndpointAnswer Of(string name, int status, string body, string told) => Fails($"parameter: {name}", status, body, ChatFailureKind.InvalidRequest, told);
        yield return Of("temperature, OpenAI", 400, """{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. secret","param":"temperature","code":"unsupported_value"}}""", "set models.plan.temperature: none");
        yield return Of("temperature, Azure", 400, """{"error":{"message":"Unsupported value: 'temperature' does not support 0. secret","type":"invalid_request_error","param":null,"code":"BadRequest"}}""", "set models.plan.temperature: none");
        yield return Of("temperature, FastAPI", 422, """{"detail":[{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be greater than 0 secret","input":0}]}""", "set models.plan.temperature: none");
        yield return Of("temperature, in words", 400, """{"error":{"message":"This model does not support temperature. secret"}}""", "set models.plan.temperature: none");
        yield return Of("tokens, OpenAI", 400, """{"error":{"message":"max_tokens is too large: 77. secret","param":"max_tokens","code":null}}""", "lower models.plan.max_output_tokens");
        yield return Of("tokens, unknown member", 400, """{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens secret","type":"invalid_request_error","param":null,"code":null}}""", "models.plan.max_output_tokens");
        yield return Of("tokens, FastAPI", 422, """{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted secret"}]}""", "models.plan.max_output_tokens");
        yield return Of("schema, OpenAI", 400, """{"error":{"message":"Invalid schema for response_format 'plan': secret","param":"response_format","code":null}}""", "Set THE_SCHEMAS to prompt");
        yield return Of("schema, Azure", 400, """{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. secret","param":null,"code":"BadRequest"}}""", "Set THE_SCHEMAS to prompt");
        yield return Of("schema, FastAPI", 422, """{"detail":[{"type":"enum","loc":["body","response_format","type"],"msg":"secret"}]}""", "Set THE_SCHEMAS to prompt");
        yield return Of("schema, vLLM", 400, """{"object":"error","message":"Grammar error: Unimplemented keys in guided_json: secret","type":"BadRequestError","code":400}""", "Set THE_SCHEMAS to prompt");
        yield return Of("messages", 400, """{"error":{"message":"secret","param":"messages","code":null}}""", "refused the request's 'messages' (400");
        yield return Of("unnamed", 400, """{"error":{"message":"secret"}}""", "refused the request (400 at http");
        yield return Of("unnamed, with a code", 400, """{"error":{"message":"secret","code":"strange_thing"}}""", "(400, strange_thing at http");
        yield return Of("a code that is a sentence", 400, """{"error":{"message":"m","code":"a secret sentence of the prompt"}}""", "(400 at http");
        yield return Of("a page", 400, "<html>content_filter secret</html>", "(400 at http");
        yield return Of("418", 418, "", "(418 at http");
        yield return Of("a validation without a place", 422, """{"detail":"secret"}""", "(422 at http");
        yield return Of("error null", 400, """{"error":null}""", "(400 at http");
        yield return Of("errors", 400, """{"errors":[{"message":"secret","code":7003}]}""", "(400, 7003 at http");
        yield return Of("a fault", 400, """{"fault":{"faultstring":"secret","detail":{"errorcode":"x"}}}""", "(400 at http");
    }

    private static IEnumerable<EndpointAnswer> Outages()
    {
        foreach (var status in new[] { 409, 423, 425, 500, 502, 503, 520, 529 })
        {
            yield return Fails($"outage: {status}", status, "<html>secret</html>", ChatFailureKind.Unavailable, $"not available ({status}");
        }
        yield return Fails("outage: of the model", 500, """{"error":{"message":"secret","type":"server_error","code":null}}""", ChatFailureKind.Unavailable, "(500, server_error at http");
        yield return Fails("outage: 500 without end", 500, "", ChatFailureKind.Unavailable, null) with { Reply = new FakeChatReply(500, "x") { Endless = true } };
        yield return Fails("outage: with a time", 503, "", ChatFailureKind.Unavailable, null) with { Reply = FakeChatReply.Error(503, retryAfter: "7"), RetryAfter = 7 };
        yield return Fails("timed out: 408", 408, "", ChatFailureKind.Timeout, "timed out (408");
        foreach (var status in new[] { 504, 524 })
        {
            // The gateway has gone; the model behind it goes on, and is paid.
            yield return Fails($"timed out: {status}", status, "", ChatFailureKind.Timeout, $"timed out ({status}") with { Charged = Charged.Reservation };
        }
    }

    private static IEnumerable<EndpointAnswer> Redirects()
    {
        foreach (var status in new[] { 301, 302, 307, 308 })
        {
            yield return Fails($"redirect: {status}", status, "", ChatFailureKind.UnknownDeployment, "a redirect to https://elsewhere.example/v1/x (") with
            {
                Reply = new FakeChatReply(status, "") { Headers = new Dictionary<string, string> { ["Location"] = "https://elsewhere.example/v1/x?token=secret" } },
            };
        }
        yield return Fails("redirect: to nowhere", 302, "", ChatFailureKind.UnknownDeployment, "set THE_ADDRESS to the API's own address");
    }

    private static string Message(string content) => $$"""{"role":"assistant","content":{{content}},"refusal":null}""";

    private static string Completion(string message, string? finish = "\"stop\"", string? usage = Usage) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"m-1","choices":[{"index":0,"message":{{message}}{{(finish is null ? "" : $",\"finish_reason\":{finish}")}}}]{{(usage is null ? "" : $",\"usage\":{usage}")}}}""";

    private static EndpointAnswer Plan(string name, string body, Charged charged, string? told = null) => new(name, new FakeChatReply(200, body), null, true, charged, told, null);

    private static EndpointAnswer NoPlan(string name, string body, Charged charged, string? told) => new(name, new FakeChatReply(200, body), null, false, charged, told, null);

    private static EndpointAnswer Fails(string name, string body, ChatFailureKind kind, Charged charged, string? told = null) => new(name, new FakeChatReply(200, body), kind, false, charged, told, null);

    private static EndpointAnswer Fails(string name, int status, string body, ChatFailureKind kind, string? told) => new(name, new FakeChatReply(status, body), kind, false, Charged.Nothing, told, null);
}
