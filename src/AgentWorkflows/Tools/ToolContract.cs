using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>What a tool promises and is held to. Enforced in code; part of the agent's snapshot.</summary>
public sealed record ToolContract
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The name the model uses: 1 to 64 of <c>a-z 0-9 _</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which implementation runs: the name of an <see cref="ITool"/> of the host.</summary>
    public required string Implementation { get; init; }

    /// <summary>Written for the model: when to use the tool and what it gives.</summary>
    public required string Description { get; init; }

    public string Owner { get; init; } = "";

    public ToolTier Tier { get; init; } = ToolTier.Destructive;

    /// <summary>Default 10 s, 0.1 s to 10 min. The call is cancelled then, and abandoned if it ignores that.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    public ToolRetryPolicy Retry { get; init; } = new();

    /// <summary>True when a second call with the same idempotency key makes no second effect.</summary>
    public bool Idempotent { get; init; }

    /// <summary>What changes in the world, in words, such as <c>payment.refund</c>. A <see cref="ToolTier.Read"/> tool has none.</summary>
    public IReadOnlyList<string> SideEffects { get; init; } = [];

    public string? AuthScope { get; init; }

    /// <summary>Default: the session's own limit.</summary>
    public int? MaxCallsPerSession { get; init; }

    /// <summary>Across all sessions of the host. Default: none.</summary>
    public int? MaxCallsPerMinute { get; init; }

    /// <summary>Which argument names the resource the call works on, such as <c>order_id</c>; used by permissions.</summary>
    public string? ResourceArgument { get; init; }

    public CompensationContract? Compensation { get; init; }

    /// <summary>Default: nobody can look; a person is asked about a call of which no answer came.</summary>
    public SettleContract? Settle { get; init; }

    /// <summary>True for an effect nothing can take back; the rollback report lists it.</summary>
    public bool Irreversible { get; init; }

    /// <summary>Fields of arguments and results that timelines may show (see <see cref="LoggedFields"/>). Default, none: all of them.</summary>
    public IReadOnlyList<string> LogFields { get; init; } = [];

    public Micros CostMicrosPerCall { get; init; }

    /// <summary>
    /// Lists in the result that come in no particular order (dotted paths, <c>$</c> for the result itself): they are sorted before anybody sees them.
    /// See <see cref="ResultOrder"/>.
    /// </summary>
    public IReadOnlyList<string> Unordered { get; init; } = [];

    /// <summary>False for tools that only compensate: the model never sees them and cannot call them.</summary>
    public bool Offered { get; init; } = true;

    /// <summary>True for tools that are meant to be called again with the same arguments; exempt from repetition checks.</summary>
    public bool Polling { get; init; }

    /// <summary>What is to be known of its results. Default: nothing. Those of tools from outside are <see cref="DataLabels.Untrusted"/> unless a person says otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DataLabels Labels { get; init; }

    /// <summary>Which labelled data its arguments may come from. Only <see cref="DataLabels.Confidential"/> has to be allowed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DataLabels MaySee { get; init; }

    /// <summary>What a tool of a source was when it was reviewed; <c>null</c> for tools of the program.</summary>
    [JsonInclude]
    internal PinnedTool? Pin { get; init; }

    /// <summary>JSON schema of the arguments, an object schema that allows no further properties.</summary>
    public required JsonElement Parameters { get; init; }
}

/// <summary>Attempts are made only after failures that are safe to retry. Delays are durable timers.</summary>
public sealed record ToolRetryPolicy
{
    /// <summary>All attempts, the first included: 1 to 10, default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Default 1 s. The delay doubles each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// How an action is undone: a call of another tool of the agent. Argument values are literals or references:
/// <c>$arguments.NAME</c>, <c>$result.NAME</c>, <c>$idempotencyKey</c>, <c>$outcome</c> (<c>done</c> or <c>unknown</c>).
/// After a crash during the action its result is unknown: references to it are then left out, so required arguments must not use them.
/// </summary>
public sealed record CompensationContract
{
    public required string Tool { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Arguments { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What a person is told to do when the compensation fails.</summary>
    public string Instructions { get; init; } = "";
}
