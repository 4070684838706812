using System.Text.Json;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>What an <c>AIFunction</c> is held to, which it cannot say itself. Units and defaults are those of <see cref="ToolContract"/>.</summary>
public sealed class FunctionContract
{
    /// <summary>Default: the function's name in snake_case.</summary>
    public string? Name { get; set; }

    /// <summary>Written for the model. Default: the function's own.</summary>
    public string? Description { get; set; }

    public string Owner { get; set; } = "";

    /// <summary>Default <see cref="ToolTier.Destructive"/>: a person is asked.</summary>
    public ToolTier Tier { get; set; } = ToolTier.Destructive;

    public TimeSpan Timeout { get; set; } = ToolContract.DefaultTimeout;

    public ToolRetryPolicy Retry { get; set; } = new();

    public bool Idempotent { get; set; }

    public IReadOnlyList<string> SideEffects { get; set; } = [];

    public string? AuthScope { get; set; }

    public int? MaxCallsPerSession { get; set; }

    public int? MaxCallsPerMinute { get; set; }

    public string? ResourceArgument { get; set; }

    public CompensationContract? Compensation { get; set; }

    public SettleContract? Settle { get; set; }

    public bool Irreversible { get; set; }

    public IReadOnlyList<string> LogFields { get; set; } = [];

    public Micros CostMicrosPerCall { get; set; }

    public IReadOnlyList<string> Unordered { get; set; } = [];

    public DataLabels Labels { get; set; }

    public DataLabels MaySee { get; set; }

    public bool Offered { get; set; } = true;

    public bool Polling { get; set; }

    /// <summary>Says that the function changes nothing.</summary>
    public FunctionContract Reads()
    {
        Tier = ToolTier.Read;
        return this;
    }

    /// <param name="tool">Another tool of the agent.</param>
    /// <param name="instructions">What a person does when the compensation fails.</param>
    /// <param name="arguments">Each as <c>name=value</c>; values as in <see cref="CompensationContract"/>.</param>
    public FunctionContract CompensatedBy(string tool, string instructions, params string[] arguments)
    {
        Compensation = DeclaredContract.CompensationOf(new CompensatedByAttribute(tool, instructions, arguments));
        return this;
    }

    /// <param name="tool">Another tool of the agent, which only reads.</param>
    /// <param name="arguments">Each as <c>name=value</c>; values as in <see cref="SettleContract"/>.</param>
    public FunctionContract SettledBy(string tool, params string[] arguments)
    {
        Settle = DeclaredContract.SettleOf(new SettledByAttribute(tool, arguments));
        return this;
    }

    internal ToolContract For(string functionName, string functionDescription, JsonElement parameters)
    {
        var name = Name ?? SnakeCase.Of(functionName);
        return new ToolContract
        {
            Name = name,
            Implementation = name,
            Description = Description ?? functionDescription,
            Owner = Owner,
            Tier = ToolTiers.Of(Tier, Irreversible),
            Timeout = Timeout,
            Retry = Retry,
            Idempotent = Idempotent,
            SideEffects = SideEffects,
            AuthScope = AuthScope,
            MaxCallsPerSession = MaxCallsPerSession,
            MaxCallsPerMinute = MaxCallsPerMinute,
            ResourceArgument = ResourceArgument,
            Compensation = Compensation,
            Settle = Settle,
            Irreversible = Irreversible,
            LogFields = LogFields,
            CostMicrosPerCall = CostMicrosPerCall,
            Unordered = Unordered,
            Offered = Offered,
            Labels = Labels,
            MaySee = MaySee,
            Polling = Polling,
            Parameters = parameters,
        };
    }
}
