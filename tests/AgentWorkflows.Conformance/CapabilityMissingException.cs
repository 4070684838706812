namespace AgentWorkflows.Conformance;

/// <summary>Makes a <see cref="ConformanceFactAttribute"/> test count as skipped, with this message as the reason.</summary>
public sealed class CapabilityMissingException(string capability)
    : Exception($"The engine under test lacks the capability {capability}.");
