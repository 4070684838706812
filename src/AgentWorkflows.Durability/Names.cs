namespace AgentWorkflows.Durability;

/// <summary>
/// The stable wire name of an activity, with the types it exchanges. The name is part of recorded history: it never changes and is independent of class names.
/// 1 to 100 characters: letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.
/// </summary>
public readonly record struct ActivityName<TInput, TOutput>
{
    public ActivityName(string value) => Value = WireName.Require(value);

    public string Value { get; }

    public override string ToString() => Value;
}

/// <inheritdoc cref="ActivityName{TInput,TOutput}"/>
public readonly record struct OrchestratorName<TInput, TOutput>
{
    public OrchestratorName(string value) => Value = WireName.Require(value);

    public string Value { get; }

    public override string ToString() => Value;
}

internal static class WireName
{
    public const int MaxLength = 100;

    public static string Require(string value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxLength || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            throw new ArgumentException(
                $"'{value}' is not a wire name: 1 to {MaxLength} letters, digits, '.', '_' or '-' are allowed.", nameof(value));
        }
        return value;
    }
}
