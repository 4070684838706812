using System.Globalization;
using AgentWorkflows.Models;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>What a refusal of a provider is, and what to do about it, by its status, its code and the words it is known to use. Pure.</summary>
internal static class ProviderRefusal
{
    private static readonly string[] TooLongCodes =
    [
        "context_length_exceeded", "string_above_max_length", "model_context_window_exceeded", "exceed_context_size_error", "request_too_large", "tokens_limit_reached",
        "context_window_exceeded",
    ];

    private static readonly string[] TooLongWords =
    [
        "context length", "context window", "context size", "prompt is too long", "input is too long", "too many tokens", "maximum number of tokens", "max_model_len", "max_total_tokens",
        "max_new_tokens", "reduce the length", "exceed context limit", "exceeds the maximum number of input tokens", "longer than the model", "prompt too long", "token count exceeds",
    ];

    private static readonly string[] FilterCodes =
        ["content_filter", "content_policy_violation", "responsibleaipolicyviolation", "moderation_blocked", "content_filter_error", "prompt_blocked", "invalid_prompt"];

    private static readonly string[] FilterWords = ["content management policy", "content policy", "flagged as potentially violating", "content filter", "guardrail"];

    private static readonly string[] QuotaCodes =
        ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error", "insufficient_balance", "insufficient_credits", "quota_exceeded", "payment_required"];

    private static readonly string[] QuotaWords =
        ["exceeded your current quota", "credit balance is too low", "insufficient balance", "insufficient credits", "insufficient quota", "add more credits"];

    private static readonly string[] UnknownCodes = ["model_not_found", "deploymentnotfound", "modelnotfound", "unknown_model", "invalid_model", "model_not_available", "not_found_error"];

    private static readonly string[] KeyCodes =
        ["invalid_api_key", "authentication_error", "permission_error", "permissiondenied", "invalid_authentication", "unauthenticated", "unauthorized"];

    private static readonly string[] RateCodes =
        ["rate_limit_exceeded", "rate_limit_error", "rate_limit_reached", "too_many_requests", "throttled", "resource_exhausted", "ratelimitreached"];

    private static readonly string[] OverloadCodes = ["overloaded_error", "overloaded", "server_overloaded", "service_unavailable", "engine_overloaded", "api_error", "server_error"];

    public static ChatFailureKind KindOf(int status, ProviderError? error)
    {
        bool Is(string[] codes) => error is not null && new[] { error.Code, error.Type, error.InnerCode }.Any(code => code is not null && codes.Contains(code.ToLowerInvariant()));
        bool Says(params string[] words) => error is not null && words.Any(word => error.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (status is 402 || Is(QuotaCodes) || (status is 400 or 403 or 429 && Says(QuotaWords)))
        {
            return ChatFailureKind.QuotaExhausted;
        }
        // A request that is larger than the minute's limit is refused in every minute: waiting cannot help, a shorter one can.
        if (IsLargerThanTheLimit(status, error) || status is 413 || Is(TooLongCodes) || (status is 400 or 422 or 500 && Says(TooLongWords)))
        {
            return ChatFailureKind.ContextLength;
        }
        if (status is not (429 or >= 500) && (Is(FilterCodes) || (status is 400 or 403 or 422 or 451 && Says(FilterWords))))
        {
            return ChatFailureKind.ContentFilter;
        }
        return status switch
        {
            401 or 403 or 407 => ChatFailureKind.Unauthorized,
            408 or 504 or 524 => ChatFailureKind.Timeout,
            429 => ChatFailureKind.RateLimited,
            < 500 when Is(KeyCodes) => ChatFailureKind.Unauthorized,
            < 500 when Is(RateCodes) => ChatFailureKind.RateLimited,
            409 or 423 or 425 => ChatFailureKind.Unavailable,
            404 or 405 or 410 or (>= 300 and < 400) => ChatFailureKind.UnknownDeployment,
            501 => ChatFailureKind.UnknownDeployment,
            >= 500 => ChatFailureKind.Unavailable,
            < 500 when Is(OverloadCodes) => ChatFailureKind.Unavailable,
            _ when Is(UnknownCodes) || (Says("model") && Says("does not exist", "not found", "unknown model", "no such model")) => ChatFailureKind.UnknownDeployment,
            _ => ChatFailureKind.InvalidRequest,
        };
    }

    /// <summary>A gateway that gives up waiting does not stop the model behind it.</summary>
    public static bool MayBeBilled(int status) => status is 504 or 524;

    /// <summary>For people who run the agent: what happened, where, and which setting to change.</summary>
    public static string Message(ChatFailureKind kind, int status, ProviderError? error, Uri? location, ChatRequest request, ModelEndpoint? endpoint)
    {
        var purpose = ChatQuestion.PurposeOf(request);
        var at = endpoint is null ? "" : $" at {endpoint.Address}";
        var told = string.Create(CultureInfo.InvariantCulture, $" ({status}{(CodeOf(error) is { } code ? $", {code}" : "")}{at})");
        return kind switch
        {
            _ when status is >= 300 and < 400 =>
                $"The endpoint answered with a redirect{(location is null ? "" : $" to {location.GetLeftPart(UriPartial.Path)}")}{told}. "
                + $"Redirects are not followed, because the key would go with them: set {Setting(endpoint)} to the API's own address.",
            ChatFailureKind.QuotaExhausted => $"The provider's account has no quota or money left{told}. Waiting does not help: top it up, or name a fallback in models.{purpose}.fallback.",
            ChatFailureKind.ContextLength when IsLargerThanTheLimit(status, error) =>
                $"The request has more tokens than the deployment may take in a minute{told}. Waiting does not help: raise the deployment's limit, or lower models.{purpose}.window_tokens.",
            ChatFailureKind.ContextLength => $"The conversation is longer than the model's context{told}. If it happens often, lower models.{purpose}.window_tokens in agent.yaml.",
            ChatFailureKind.ContentFilter => $"The provider's content filter refused the prompt{told}.",
            ChatFailureKind.Unauthorized when status == 407 => $"A proxy on the way asks for a login{told}. Check HTTPS_PROXY.",
            ChatFailureKind.Unauthorized => endpoint is { ApiKey: null }
                ? $"The provider refused the call, which has no key{told}. Set {endpoint.KeySetting}, or give the identity of this host access to the model."
                : $"The provider refused the key or token{told}. Check {endpoint?.KeySetting ?? "the endpoint's key"}.",
            ChatFailureKind.UnknownDeployment when error is null || status is 405 or 410 or 501 =>
                $"Nothing answers model calls there{told}. Check {Setting(endpoint)}, and the deployment '{request.Deployment}'.",
            ChatFailureKind.UnknownDeployment =>
                $"The provider knows no such deployment or model as '{request.Deployment}'{told}. Check models.{purpose}.deployment in agent.yaml, and {Setting(endpoint)}.",
            ChatFailureKind.Timeout => $"The provider timed out{told}.",
            ChatFailureKind.RateLimited => $"The provider's rate limit is reached{told}.",
            ChatFailureKind.Unavailable => $"The provider is not available{told}.",
            _ when error?.Parameter is { } refused && RefusedParameter.Advice(refused, request, endpoint) is { } advice => advice + told,
            _ when error?.Parameter is { } other => $"The provider refused the request's '{other}'{told}.",
            _ => $"The provider refused the request{told}.",
        };
    }

    private static bool IsLargerThanTheLimit(int status, ProviderError? error) =>
        status is 413 or 429 && error is not null && error.Message.Contains("request too large", StringComparison.OrdinalIgnoreCase);

    private static string Setting(ModelEndpoint? endpoint) => endpoint?.AddressSetting ?? "the endpoint's address";

    private static string? CodeOf(ProviderError? error) => error?.InnerCode ?? error?.Code ?? error?.Type;
}
