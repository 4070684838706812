using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.Agents;
using AgentWorkflows.Guards;
using AgentWorkflows.Screening;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>What a request to start a session must look like, and the limits it ends up with. Pure.</summary>
internal static partial class StartRequestRules
{
    public const int MaxTaskTypeLength = 64;
    public const int MaxUserIdLength = 100;

    /// <summary>The code of a request that is refused as an attack.</summary>
    public const string InjectionDetected = "injection_detected";

    private const string UserKey = "user_id";
    private const string RoleKey = "role";
    private const string BudgetKey = "budget_limit";

    public static IReadOnlyList<RequestProblem> Check(StartSessionRequest request, AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        return [.. CheckTexts(request), .. CheckContext(request, agent), .. CheckLimits(request, agent.Limits), .. CheckAttack(request, agent)];
    }

    /// <summary>The user a request's caps apply to, in the one spelling that <see cref="PersonName"/> gives: nobody has caps of their own by spelling.</summary>
    public static string UserOf(JsonElement context) =>
        context.ValueKind == JsonValueKind.Object && context.TryGetProperty(UserKey, out var user) && user.ValueKind == JsonValueKind.String
            ? PersonName.Normalize(user.GetString()!) ?? "anonymous" : "anonymous";

    /// <summary>What the agent's permissions are asked with.</summary>
    public static string RoleOf(JsonElement context) =>
        context.ValueKind == JsonValueKind.Object && context.TryGetProperty(RoleKey, out var role) && role.ValueKind == JsonValueKind.String
            ? role.GetString()! : SessionRef.DefaultRole;

    /// <summary>1 to 64 of <c>a-z 0-9 _ -</c>.</summary>
    public static bool IsRole(string text) => RolePattern().IsMatch(text);

    /// <summary>The agent's limits, lowered by the request's and by <c>context.budget_limit</c> (USD). Nothing raises them.</summary>
    public static SessionLimits EffectiveLimits(SessionLimits agent, StartSessionRequest request)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(request);
        var asked = request.Limits;
        return agent with
        {
            MaxIterations = Math.Min(agent.MaxIterations, asked.MaxIterations ?? int.MaxValue),
            MaxToolCalls = Math.Min(agent.MaxToolCalls, asked.MaxToolCalls ?? int.MaxValue),
            MaxTokens = Math.Min(agent.MaxTokens, asked.MaxTokens ?? int.MaxValue),
            MaxRetries = Math.Min(agent.MaxRetries, asked.MaxRetries ?? int.MaxValue),
            MaxAge = asked.MaxAgeSeconds is { } seconds && seconds < agent.MaxAge.TotalSeconds ? TimeSpan.FromSeconds(seconds) : agent.MaxAge,
            MaxCostMicros = Micros.Min(agent.MaxCostMicros, Micros.Min(Bound(asked.MaxCostUsd), Bound(BudgetOf(request.Context)))),
        };
    }

    private static IEnumerable<RequestProblem> CheckTexts(StartSessionRequest request)
    {
        if (!PersonName.ShowsSomething(request.Goal))
        {
            yield return new RequestProblem("goal_empty", "$.goal", "The goal is empty. Say what the agent should achieve.");
        }
        else if (request.Goal.Length > StartSessionRequest.MaxGoalLength)
        {
            yield return new RequestProblem("goal_too_long", "$.goal",
                $"The goal has {request.Goal.Length} characters; at most {StartSessionRequest.MaxGoalLength} are allowed. Put details into the context.");
        }
        if (request.TaskType.Length is 0 or > MaxTaskTypeLength)
        {
            yield return new RequestProblem("invalid_task_type", "$.taskType", $"The task type must have 1 to {MaxTaskTypeLength} characters.");
        }
        if (request.SessionId is { } id && !SessionIdPattern().IsMatch(id))
        {
            yield return new RequestProblem("invalid_session_id", "$.sessionId", "A session id has 1 to 100 letters, digits, '.', '_' or '-', and starts with a letter or digit.");
        }
    }

    private static IEnumerable<RequestProblem> CheckContext(StartSessionRequest request, AgentDefinition agent)
    {
        if (request.Context.ValueKind != JsonValueKind.Object)
        {
            yield return new RequestProblem("invalid_context", "$.context", "The context must be a JSON object.");
            yield break;
        }
        if (request.Context.GetRawText().Length > StartSessionRequest.MaxContextBytes)
        {
            yield return new RequestProblem("context_too_large", "$.context", $"The context is larger than {StartSessionRequest.MaxContextBytes / 1024} KiB.");
        }
        foreach (var key in agent.RequiredContext)
        {
            if (!request.Context.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                yield return new RequestProblem("missing_context_key", $"$.context.{key}",
                    $"Agent '{agent.Name}' needs '{key}' in the context. Required: {string.Join(", ", agent.RequiredContext)}.");
            }
        }
        if (request.Context.TryGetProperty(UserKey, out var user) && user.ValueKind != JsonValueKind.Null
            && (user.ValueKind != JsonValueKind.String || user.GetString()!.Length is 0 or > MaxUserIdLength))
        {
            yield return new RequestProblem("invalid_user_id", "$.context.user_id", $"'user_id' must be a text of 1 to {MaxUserIdLength} characters.");
        }
        else if (user.ValueKind == JsonValueKind.String && PersonName.Normalize(user.GetString()!) is null)
        {
            yield return new RequestProblem("invalid_user_id", "$.context.user_id", PersonName.Refusal);
        }
        if (request.Context.TryGetProperty(RoleKey, out var role) && role.ValueKind != JsonValueKind.Null
            && (role.ValueKind != JsonValueKind.String || !IsRole(role.GetString()!)))
        {
            yield return new RequestProblem("invalid_role", "$.context.role", "'role' must be a text of 1 to 64 of a-z, 0-9, '_' and '-'.");
        }
        if (request.Context.TryGetProperty(BudgetKey, out var budget) && budget.ValueKind != JsonValueKind.Null && BudgetOf(request.Context) is null or <= 0)
        {
            yield return new RequestProblem("invalid_budget_limit", "$.context.budget_limit", "'budget_limit' must be a number of USD above zero.");
        }
    }

    private static IEnumerable<RequestProblem> CheckAttack(StartSessionRequest request, AgentDefinition agent)
    {
        if (agent.Screening.Injection != InjectionPolicy.Block)
        {
            yield break;
        }
        foreach (var (path, text) in new[] { ("$.goal", request.Goal), ("$.context", request.Context.ValueKind == JsonValueKind.Object ? request.Context.GetRawText() : "") })
        {
            if (InjectionScreen.Check(text) is { IsSuspicious: true } finding)
            {
                yield return new RequestProblem(InjectionDetected, path,
                    $"This looks like an attempt to instruct the model against its rules ({string.Join(", ", finding.Kinds)}). Say what the agent should achieve, and nothing about its rules.");
            }
        }
    }

    private static IEnumerable<RequestProblem> CheckLimits(StartSessionRequest request, SessionLimits agent)
    {
        var asked = request.Limits;
        if (asked.MaxCostUsd is { } cost && (cost <= 0 || Bound(cost) > agent.MaxCostMicros))
        {
            yield return Limit("maxCostUsd", cost, agent.MaxCostMicros.Usd);
        }
        if (asked.MaxIterations is { } iterations && (iterations < 1 || iterations > agent.MaxIterations))
        {
            yield return Limit("maxIterations", iterations, agent.MaxIterations);
        }
        if (asked.MaxToolCalls is { } calls && (calls < 0 || calls > agent.MaxToolCalls))
        {
            yield return Limit("maxToolCalls", calls, agent.MaxToolCalls);
        }
        if (asked.MaxTokens is { } tokens && (tokens < 1 || tokens > agent.MaxTokens))
        {
            yield return Limit("maxTokens", tokens, agent.MaxTokens);
        }
        if (asked.MaxAgeSeconds is { } age && (age < 1 || age > agent.MaxAge.TotalSeconds))
        {
            yield return Limit("maxAgeSeconds", age, (decimal)agent.MaxAge.TotalSeconds);
        }
        if (asked.MaxRetries is { } retries && (retries < 0 || retries > agent.MaxRetries))
        {
            yield return Limit("maxRetries", retries, agent.MaxRetries);
        }
    }

    private static RequestProblem Limit(string name, decimal asked, decimal allowed) => new(
        "invalid_limit", $"$.limits.{name}",
        FormattableString.Invariant($"'{name}' is {asked:0.######}; a request may only lower the agent's limit of {allowed:0.######}."));

    private static decimal? BudgetOf(JsonElement context) =>
        context.ValueKind == JsonValueKind.Object && context.TryGetProperty(BudgetKey, out var budget)
        && budget.ValueKind == JsonValueKind.Number && budget.TryGetDecimal(out var usd) ? usd : null;

    private static Micros Bound(decimal? usd) => usd is { } amount && amount < 1_000_000m ? Micros.OfUsd(amount) : Micros.MaxValue;

    [GeneratedRegex(@"^[a-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RolePattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SessionIdPattern();
}
