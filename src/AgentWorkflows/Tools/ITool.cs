using System.Text.Json;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Tools;

/// <summary>
/// Something an agent can do. Called at least once per decided call: after a crash the same call comes again with the same
/// <see cref="ToolInvocation.IdempotencyKey"/>, and a tool that writes answers it with the first result instead of a second effect.
/// Thread-safe. May throw: the caller turns exceptions into a permanent failure without showing them to the model.
/// </summary>
public interface ITool
{
    /// <summary>The name contracts refer to as <c>implementation</c>.</summary>
    string Name { get; }

    /// <summary>JSON schema of the arguments.</summary>
    JsonElement ParametersSchema { get; }

    /// <summary>The contract as far as the code itself states it; an agent's YAML adds to it. <c>null</c> when all of it is in YAML.</summary>
    ToolContract? Contract => null;

    /// <summary>What is to be known of the results whatever contract the tool runs under: of tools from outside the company, <see cref="DataLabels.Untrusted"/>.</summary>
    DataLabels Labels => Contract?.Labels ?? DataLabels.None;

    Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken);
}

/// <summary>A call that has passed the gate. <paramref name="IdempotencyKey"/> is the same for every attempt of the same call.</summary>
public sealed record ToolInvocation(string SessionId, string Tool, JsonElement Arguments, string IdempotencyKey)
{
    public string? UserId { get; init; }

    /// <summary>What the call's contract says: a second call with the same key makes no second effect.</summary>
    internal bool Idempotent { get; init; }
}

/// <summary>What a tool call came to. Failures are written for the model: what happened and what to do instead.</summary>
public abstract record ToolResult
{
    /// <summary>The call took effect.</summary>
    public sealed record Success(JsonElement Value) : ToolResult;

    /// <param name="Kind"><see cref="ToolFailureKind.Permanent"/> and <see cref="ToolFailureKind.RateLimited"/>, when a tool answers them, say that nothing changed.</param>
    /// <param name="RetrySafe">True when trying again can neither repeat an effect nor do harm.</param>
    public sealed record Failure(ToolFailureKind Kind, string Message, string Suggestion, bool RetrySafe) : ToolResult
    {
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>What is known of the effect where the kind does not say it. Not kept: what follows from it is.</summary>
        internal FailedEffect Effect { get; init; }
    }

    public static ToolResult Permanent(string message, string suggestion) => new Failure(ToolFailureKind.Permanent, message, suggestion, RetrySafe: false);

    public static ToolResult Transient(string message, string suggestion) => new Failure(ToolFailureKind.Transient, message, suggestion, RetrySafe: true);
}

/// <summary>What kind of failure a tool answers, which says whether a call is tried again and what a rollback assumes.</summary>
/// <summary>What a failed call changed.</summary>
internal enum FailedEffect
{
    /// <summary>As <see cref="ToolFailureKind"/> says.</summary>
    ByKind,

    /// <summary>Nothing, whatever the kind: it was never sent, or refused before it ran.</summary>
    None,

    /// <summary>Perhaps something, whatever the kind: nobody promised that nothing changed.</summary>
    Unknown,
}

/// <summary>What went wrong with a call, as far as that decides what to do next.</summary>
public enum ToolFailureKind
{
    Transient,
    Permanent,
    RateLimited,
    Timeout,
}

/// <summary>The tools of a host, by <see cref="ITool.Name"/>.</summary>
public interface IToolCatalog
{
    ITool? Find(string implementation);

    IReadOnlyCollection<string> Names { get; }

    /// <summary>As <see cref="Find"/>, but asks the source that would have the tool, where that was not reached yet or says that its tools are others now.</summary>
    internal Task<ITool?> FindAsync(string implementation, CancellationToken cancellationToken) => Task.FromResult(Find(implementation));

    /// <summary>The source that owns the name, whether it has such a tool or not; <c>null</c> when it would be a tool of the program.</summary>
    internal ToolSourceState? OwnerOf(string implementation) => null;
}
