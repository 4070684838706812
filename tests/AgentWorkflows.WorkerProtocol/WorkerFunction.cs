namespace AgentWorkflows.WorkerProtocol;

/// <summary>A function that the worker has and has loaded.</summary>
/// <param name="Bindings">As JSON objects, trigger and all, as the platform's extensions read them.</param>
public sealed record WorkerFunction(string Id, string Name, IReadOnlyList<string> Bindings);

/// <summary>How an invocation ended.</summary>
/// <param name="Failure"><c>null</c>: it succeeded.</param>
/// <param name="Value">What the function returned: JSON or text; <c>null</c>: nothing.</param>
public sealed record WorkerAnswer(string InvocationId, string? Failure, string? Value);
