using System.Text.Json.Serialization;
using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="Status">What is known before the result is judged: <see cref="ObservationStatus.Succeeded"/> is checked against the step's criteria.</param>
internal sealed record ObserveInput(StepContext Step, string StepId, ObservationStatus Status)
{
    public string? Message { get; init; }

    public string? Suggestion { get; init; }

    /// <summary>What became of a writing call that gave no good answer; <c>null</c> for all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActionOutcome? Effect { get; init; }

    /// <summary>What the tool that looked found stands for the answer that never came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? FoundByTool { get; init; }
}

internal sealed record ObserveOutput(ObservationStatus Status, string? Message)
{
    /// <summary>See <see cref="Fingerprint.OfOutcome"/>.</summary>
    public string Print { get; init; } = "";

    /// <summary>The result looked like an attack and the agent's policy is to ask a person whether to go on.</summary>
    public bool AskPerson { get; init; }
}

/// <summary>Judges what became of a call and remembers it for the model.</summary>
internal sealed class ObserveActivity(
    ISessionStore store, StepReader reader, AgentSnapshots snapshots, ModelHealth health, StepRecorder recorder) : IActivity<ObserveInput, ObserveOutput>
{
    public async Task<ObserveOutput> RunAsync(IActivityContext context, ObserveInput input, CancellationToken cancellationToken)
    {
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
        var agent = await snapshots.RequireAsync(input.Step.Session.SnapshotHash, cancellationToken);
        var judged = await JudgeAsync(input, call, cancellationToken);
        var screened = ObservationScreen.Apply(judged, agent.Screening.Injection);
        var observation = await store.PutAsync(Documents.Observation(input.Step, input.StepId), screened.Observation, cancellationToken);
        if (screened.Kinds.Count > 0)
        {
            recorder.Telemetry.InjectionDetected(input.Step.Session.Agent, observation.Tool, agent.Screening.Injection);
            await recorder.AddAsync(
                recorder.Entry(input.Step, TimelineKind.Guard, $"screen/{input.StepId}", $"What {observation.Tool} returned looks like instructions to the model",
                    "injection_detected", new { screened.Kinds, screened.Score, policy = agent.Screening.Injection }) with
                {
                    Tool = observation.Tool,
                    StepId = input.StepId,
                },
                cancellationToken);
        }
        if (observation.Status == ObservationStatus.CriteriaFailed)
        {
            var planned = await store.RequireAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken);
            health.Quality.Record(planned.Deployment, good: false);
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        var rung = NextOf(call.Planned, observation.Status, input.Effect is ActionOutcome.Done or ActionOutcome.Unknown);
        recorder.Telemetry.Escalated(input.Step, rung ?? NextRung.Replan);
        var next = rung is { } way ? Escalation.Describe(way) : null;
        var logged = observation with
        {
            Message = LoggedFields.Text(call.Contract.LogFields, observation.Message, call.Arguments, judged.Result),
            Suggestion = LoggedFields.Text(call.Contract.LogFields, observation.Suggestion, call.Arguments, judged.Result),
        };
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Observe, $"observe/{input.StepId}", next is null ? TitleOf(logged) : $"{TitleOf(logged)}; next: {next}",
                SnakeCase.Of(observation.Status), new { logged.Message, logged.Suggestion, next }) with
            {
                Tool = observation.Tool,
                StepId = input.StepId,
            },
            cancellationToken);
        return new ObserveOutput(observation.Status, observation.Message)
        {
            Print = Fingerprint.OfOutcome($"{observation.Tool}/{observation.Status}", observation.Result, observation.Message),
            AskPerson = screened.Kinds.Count > 0 && agent.Screening.Injection == InjectionPolicy.Ask,
        };
    }

    private static NextRung? NextOf(PlannedCall planned, ObservationStatus status, bool mayStand) =>
        status is ObservationStatus.Succeeded or ObservationStatus.Skipped
            ? null
            : Escalation.After(planned.OnFailure, !mayStand && planned is { IsAlternative: false, Step.Alternative: not null }, status, ran: true);

    private async Task<Observation> JudgeAsync(ObserveInput input, ResolvedCall call, CancellationToken cancellationToken)
    {
        var observation = new Observation
        {
            Turn = input.Step.Turn,
            StepId = input.StepId,
            Tool = call.Contract.Name,
            Status = input.Status,
            Message = input.Message,
            Suggestion = input.Suggestion,
            Edited = call.Edited,
            Arguments = call.Edited ? call.Arguments : null,
            Labels = SeenLabels.LabelsOf(call.Contract, input.Status),
        };
        if (input.Status != ObservationStatus.Succeeded)
        {
            return observation;
        }
        if (input.Effect is not null)
        {
            return await FoundAsync(input, call, observation, cancellationToken);
        }
        var result = await store.GetDocumentAsync(Documents.Result(input.Step.Session.Id, input.Step.Turn, input.StepId), cancellationToken)
            ?? throw new DurableException("MissingResult", $"Step '{input.StepId}' succeeded but its result is not in the session store.", isNonRetryable: true);
        var problem = CriteriaCheck.FirstProblem(result, call.Planned.Step.SuccessCriteria);
        return observation with
        {
            Result = result,
            Status = problem is null ? ObservationStatus.Succeeded : ObservationStatus.CriteriaFailed,
            Message = problem ?? input.Message,
        };
    }

    /// <summary>The call took effect and its answer never came: what is known of it is what was found, by a tool or by a person.</summary>
    private async Task<Observation> FoundAsync(ObserveInput input, ResolvedCall call, Observation observation, CancellationToken cancellationToken)
    {
        var found = input.FoundByTool is true ? await store.GetDocumentAsync(Documents.Found(input.Step, input.StepId), cancellationToken) : null;
        var criteria = call.Planned.Step.SuccessCriteria;
        var problem = found is { } value ? CriteriaCheck.FirstProblem(value, criteria)
            : criteria.Count > 0 ? "Its success criteria cannot be judged without its answer."
            : null;
        return problem is null
            ? observation with { Result = found }
            : observation with { Status = ObservationStatus.Failed, Result = found, Message = $"{observation.Message} {problem}" };
    }

    private static string TitleOf(Observation observation) => observation.Status switch
    {
        ObservationStatus.Succeeded => $"{observation.Tool} did what was wanted",
        ObservationStatus.CriteriaFailed => $"{observation.Tool} ran, but {observation.Message}",
        ObservationStatus.Rejected => $"{observation.Tool} was rejected: {observation.Message}",
        ObservationStatus.ApprovalExpired => $"{observation.Tool} was not approved in time",
        ObservationStatus.Skipped => $"{observation.Tool} was not run: {observation.Message}",
        _ => $"{observation.Tool} failed: {observation.Message}",
    };
}
