namespace AgentWorkflows.Agents;

/// <summary>An agent of the files that cannot be started now, though nothing is wrong with the host. Those that run already go on.</summary>
/// <param name="Code">Stable, snake_case: <c>source_unreachable</c>, <c>not_pinned</c>, <c>definition_changed</c>, <c>invalid</c>.</param>
/// <param name="Reason">For people: what keeps it, and what to do.</param>
/// <param name="Sources">The sources of tools that it waits for.</param>
internal sealed record HeldAgent(string Name, string Code, string Reason, IReadOnlyList<string> Sources);
