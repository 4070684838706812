using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Models;

/// <summary>
/// A language model behind one deployment. One call is one request to the provider: no retries inside, the caller decides and pays.
/// Expected failures are results, never exceptions. Thread-safe.
/// </summary>
public interface IChatModel
{
    /// <summary>Who answers, as OpenTelemetry's <c>gen_ai.provider.name</c> has it, such as <c>openai</c>; for telemetry.</summary>
    string Provider => "_OTHER";

    ModelTraits Traits => ModelTraits.LanguageModel;

    Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken);
}

/// <summary>Finds the model for a deployment name.</summary>
public interface IChatModelCatalog
{
    IChatModel? Find(string deployment);

    /// <summary><c>default</c> becomes the deployment configured for this host, or the offline playbook's; any other name stays.</summary>
    string Resolve(string deployment);

    /// <summary>What stands in for <c>default</c> where a route names no fallback.</summary>
    string? DefaultFallback => null;

    /// <summary>Why a route cannot name a deployment, such as <c>west/gpt-4.1</c> where there is no endpoint <c>west</c>; <c>null</c> when it can.</summary>
    string? ProblemOf(string deployment) => null;

    /// <summary>Of what answers for a name of a deployment, as an agent's routes write it. A deployment that this host has not is taken for a language model.</summary>
    ModelTraits TraitsOf(string deployment) => Find(Resolve(deployment))?.Traits ?? ModelTraits.LanguageModel;

    /// <summary>How people are told what answers, such as <c>gpt-4.1-mini</c> or <c>offline playbook, no language model</c>.</summary>
    string Describe(string deployment);
}

/// <summary>One call of a model.</summary>
public sealed record ChatRequest
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    public required string SessionId { get; init; }

    public required int Turn { get; init; }

    /// <summary>The agent's snapshot the session runs on.</summary>
    public required string SnapshotHash { get; init; }

    public required ModelPurpose Purpose { get; init; }

    public required string Deployment { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public IReadOnlyList<ToolDeclaration> Tools { get; init; } = [];

    public required int MaxOutputTokens { get; init; }

    /// <summary><c>null</c>: the model's own.</summary>
    public double? Temperature { get; init; } = 0;

    /// <summary>The JSON schema the answer must follow; <c>null</c> for free text.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>From request to whole answer; then the call counts as timed out. Default 100 s.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Of what stands in <see cref="Messages"/>.</summary>
    [JsonIgnore]
    public DataLabels Labels { get; init; }

    /// <summary>The schema is one that a provider can hold the model to: see <see cref="PlanSchema"/>.</summary>
    public bool StrictSchema { get; init; }
}

/// <summary>What a call is for. An agent routes each to a model.</summary>
public enum ModelPurpose
{
    Classify,
    Plan,
    Answer,
    Summarize,
}

/// <summary>Whose words a message has.</summary>
public enum ChatRole
{
    System,
    User,
    Assistant,
    Tool,
}

/// <param name="Content">For <see cref="ChatRole.Assistant"/> the plan as JSON; for <see cref="ChatRole.Tool"/> an <see cref="Observation"/> as JSON.</param>
public sealed record ChatMessage(ChatRole Role, string Content);

/// <summary>A tool as a model sees it. The parameters are a JSON schema.</summary>
public sealed record ToolDeclaration(string Name, string Description, JsonElement Parameters);

/// <summary>What a model answered, or why it did not.</summary>
public abstract record ChatResult
{
    /// <summary>An answer, with what it used.</summary>
    public sealed record Completed(string Text, ChatUsage Usage) : ChatResult
    {
        public string Model { get; init; } = "";

        public string? RequestId { get; init; }

        public string FinishReason { get; init; } = "stop";

        /// <summary>For people: why the text is not what was asked for, where the provider's answer says so.</summary>
        public string? Note { get; init; }

        /// <summary>The <see cref="FinishReason"/> of an answer that has reached its bound of tokens.</summary>
        public const string CutOff = "Length";
    }

    /// <param name="Billed">True when the provider may have charged for the call although no answer arrived.</param>
    public sealed record Failed(ChatFailureKind Kind, string Message, bool Billed) : ChatResult
    {
        public TimeSpan? RetryAfter { get; init; }

        public string? RequestId { get; init; }

        /// <summary>What the provider says it counted, where it says so of a call that failed; it is charged then.</summary>
        public ChatUsage Usage { get; init; } = ChatUsage.Unknown;
    }
}

/// <summary>The tokens that a call is billed for. Cached ones are among those of the input.</summary>
public sealed record ChatUsage(int InputTokens, int CachedInputTokens, int OutputTokens)
{
    /// <summary>The provider said nothing of it, or nothing that can be.</summary>
    public static ChatUsage Unknown { get; } = new(0, 0, 0);

    public bool IsKnown => InputTokens > 0 && OutputTokens >= 0 && CachedInputTokens >= 0 && CachedInputTokens <= InputTokens;

    public int Total => (int)Math.Min((long)InputTokens + OutputTokens, int.MaxValue);
}

/// <summary>Why there is no answer, which says whether to try again.</summary>
public enum ChatFailureKind
{
    /// <summary>Too many calls for now; <see cref="ChatResult.Failed.RetryAfter"/> says when, if the provider does.</summary>
    RateLimited,

    /// <summary>The account has no money or no quota left: waiting does not help.</summary>
    QuotaExhausted,

    /// <summary>The provider is down, overloaded or cannot be reached.</summary>
    Unavailable,
    Timeout,

    /// <summary>The connection broke in the middle of the answer.</summary>
    CutOff,

    /// <summary>The provider's filter refused the prompt or stopped the answer.</summary>
    ContentFilter,

    /// <summary>The conversation is longer than the model's context.</summary>
    ContextLength,

    /// <summary>The key or token is wrong, expired or not allowed.</summary>
    Unauthorized,
    UnknownDeployment,
    InvalidRequest,

    /// <summary>The answer is not a chat completion.</summary>
    InvalidResponse,
}
