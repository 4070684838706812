using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Models.Plans;

/// <summary>What became of one tool call, as the model sees it.</summary>
internal sealed record Observation
{
    public required int Turn { get; init; }

    /// <summary>The plan's step id.</summary>
    public required string StepId { get; init; }

    public required string Tool { get; init; }

    public required ObservationStatus Status { get; init; }

    /// <summary>The tool's result, for <see cref="ObservationStatus.Succeeded"/> and <see cref="ObservationStatus.CriteriaFailed"/>.</summary>
    public JsonElement? Result { get; init; }

    public string? Message { get; init; }

    /// <summary>What to do instead.</summary>
    public string? Suggestion { get; init; }

    /// <summary>True when the person who approved changed the arguments; <see cref="Arguments"/> are then the ones that ran.</summary>
    public bool Edited { get; init; }

    public JsonElement? Arguments { get; init; }

    /// <summary>Of what the tool said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DataLabels Labels { get; init; }
}

internal enum ObservationStatus
{
    Succeeded,

    /// <summary>The tool answered, but not as the step's success criteria want it.</summary>
    CriteriaFailed,
    Failed,

    /// <summary>The gate refused the call; nothing ran.</summary>
    Refused,

    /// <summary>A person said no; <see cref="Observation.Message"/> has the reason.</summary>
    Rejected,

    /// <summary>Nobody decided in time.</summary>
    ApprovalExpired,

    /// <summary>Not run because an earlier step of the same plan did not succeed.</summary>
    Skipped,
}
