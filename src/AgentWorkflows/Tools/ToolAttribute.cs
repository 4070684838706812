namespace AgentWorkflows.Tools;

/// <summary>
/// A tool's contract beside its code: on a class that is a tool, or on a method that is one. What an agent's YAML says of the same tool comes on top; it may raise the tier and never lower it. Units and defaults are those
/// of <see cref="ToolContract"/>; 0 stands for the default.
/// </summary>
/// <param name="description">Written for the model: when to use the tool and what it gives.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class ToolAttribute(string description, ToolTier tier = ToolTier.Destructive) : Attribute
{
    public string Description { get; } = description;

    public ToolTier Tier { get; } = tier;

    /// <summary>1 to 64 of <c>a-z 0-9 _</c>. Default: the class's or method's name in snake_case.</summary>
    public string? Name { get; init; }

    public string Owner { get; init; } = "";

    public double TimeoutSeconds { get; init; }

    public int MaxAttempts { get; init; }

    public double FirstDelaySeconds { get; init; }

    public bool Idempotent { get; init; }

    public string[] SideEffects { get; init; } = [];

    public string? AuthScope { get; init; }

    public int MaxCallsPerSession { get; init; }

    public int MaxCallsPerMinute { get; init; }

    /// <summary>The argument that names what the call works on.</summary>
    public string? Resource { get; init; }

    public bool Irreversible { get; init; }

    public string[] LogFields { get; init; } = [];

    public long CostMicrosPerCall { get; init; }

    public bool Polling { get; init; }

    public string[] Unordered { get; init; } = [];

    public DataLabels Labels { get; init; }

    public DataLabels MaySee { get; init; }

    /// <summary>False for a tool that only compensates.</summary>
    public bool Offered { get; init; } = true;
}

/// <summary>How the tool's effect is taken back.</summary>
/// <param name="tool">Another tool of the agent.</param>
/// <param name="instructions">What a person does when the compensation fails.</param>
/// <param name="arguments">Each as <c>name=value</c>; values as in <see cref="CompensationContract"/>, such as <c>action_key=$idempotencyKey</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class CompensatedByAttribute(string tool, string instructions, params string[] arguments) : Attribute
{
    public string Tool { get; } = tool;

    public string Instructions { get; } = instructions;

    public IReadOnlyList<string> Arguments { get; } = arguments;
}

/// <summary>How it is found out whether a call of which no answer came took effect; see <see cref="SettleContract"/>.</summary>
/// <param name="tool">Another tool of the agent, which only reads.</param>
/// <param name="arguments">Each as <c>name=value</c>, such as <c>action_key=$idempotencyKey</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class SettledByAttribute(string tool, params string[] arguments) : Attribute
{
    public string Tool { get; } = tool;

    public IReadOnlyList<string> Arguments { get; } = arguments;

    /// <summary>Where the result says so; a dotted path. Default <c>happened</c>.</summary>
    public string Path { get; init; } = "happened";

    /// <summary>Default <c>true</c>.</summary>
    public string[] Done { get; init; } = [];

    /// <summary>Default <c>false</c>.</summary>
    public string[] NotDone { get; init; } = [];

    /// <summary>0: the action's timeout.</summary>
    public double WaitSeconds { get; init; }
}
