
namespace AgentWorkflows.Screening;

/// <summary>What happens to text from outside that looks like instructions to the model.</summary>
internal enum InjectionPolicy
{
    /// <summary>It is noted in the timeline.</summary>
    Log,

    /// <summary>Noted, and the passages are taken out of what the model sees.</summary>
    Strip,

    /// <summary>As <see cref="Strip"/>, and a person decides whether the session goes on.</summary>
    Ask,

    /// <summary>The model sees nothing of it; a goal or context like that starts no session.</summary>
    Block,
}

/// <summary>What happens to an answer that names an address, a number or a link that nothing the session saw vouches for.</summary>
internal enum OutputPolicy
{
    /// <summary>It is taken out.</summary>
    Replace,

    /// <summary>The model is told and asked again; the second time the session fails.</summary>
    Refuse,
}

/// <summary>Card and account numbers, social security numbers and the agent's own instructions are refused in answers under either output policy.</summary>
internal sealed record ScreeningPolicy
{
    /// <summary>Default <see cref="InjectionPolicy.Strip"/>.</summary>
    public InjectionPolicy Injection { get; init; } = InjectionPolicy.Strip;

    /// <summary>Default <see cref="OutputPolicy.Replace"/>.</summary>
    public OutputPolicy Output { get; init; } = OutputPolicy.Replace;
}
