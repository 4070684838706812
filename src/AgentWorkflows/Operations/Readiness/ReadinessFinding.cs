namespace AgentWorkflows.Operations.Readiness;

internal enum ReadinessStatus
{
    Ok,

    /// <summary>Works, but somebody should have decided it.</summary>
    Warning,

    /// <summary>Not fit for production.</summary>
    Failed,
}

/// <param name="Code">Stable, snake_case, such as <c>prices_known</c>.</param>
/// <param name="Subject">What it is about: an agent, or the host.</param>
/// <param name="ToDo">For all but <see cref="ReadinessStatus.Ok"/>.</param>
internal sealed record ReadinessFinding(string Code, string Subject, ReadinessStatus Status, string Message, string? ToDo = null)
{
    public const string Host = "host";

    /// <summary>About the host.</summary>
    public static ReadinessFinding Ok(string code, string message) => new(code, Host, ReadinessStatus.Ok, message);

    /// <inheritdoc cref="Ok"/>
    public static ReadinessFinding Warning(string code, string message, string toDo) => new(code, Host, ReadinessStatus.Warning, message, toDo);

    /// <inheritdoc cref="Ok"/>
    public static ReadinessFinding Failed(string code, string message, string toDo) => new(code, Host, ReadinessStatus.Failed, message, toDo);
}

/// <summary>Whether a host is fit for production. Thread-safe; changes nothing.</summary>
internal interface IReadinessCheck
{
    Task<IReadOnlyList<ReadinessFinding>> RunAsync(CancellationToken cancellationToken);
}
