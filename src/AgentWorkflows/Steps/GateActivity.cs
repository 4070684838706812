using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

internal sealed record GateInput(StepContext Step, IReadOnlyDictionary<string, int> CallsByTool, SessionLimits Limits)
{
    /// <summary>Earlier calls of which it is not known whether they took effect.</summary>
    public IReadOnlyList<CallInDoubt> InDoubt { get; init; } = [];
}

/// <param name="Print">See <see cref="Fingerprint.OfCall"/>.</param>
internal sealed record CallInDoubt(string Tool, string Print, string IdempotencyKey)
{
    /// <summary>See <see cref="GatedCall.ResourcePrint"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourcePrint { get; init; }
}

internal sealed record GateOutput(IReadOnlyList<GatedCall> Calls)
{
    /// <summary>See <see cref="Fingerprint.OfSaying"/>: of the reason the model gave.</summary>
    public string Saying { get; init; } = "";
}

internal enum GateVerdict
{
    Run,
    Ask,
    Refuse,
}

/// <summary>A planned call with what the orchestrator needs to know of it; arguments stay in the session store.</summary>
internal sealed record GatedCall(string StepId, string Tool, GateVerdict Verdict, ToolTier Tier)
{
    public OnFailure OnFailure { get; init; }

    /// <summary>The tool has a compensation to register before it runs.</summary>
    public bool Compensable { get; init; }

    public bool Irreversible { get; init; }

    /// <summary>Why a person is asked, or why the call is refused.</summary>
    public string? Reason { get; init; }

    /// <summary>True when a person is asked whether to go on, not whether the call may run.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>See <see cref="Fingerprint.OfCall"/>; empty for a tool that is meant to be called again with the same arguments.</summary>
    public string Print { get; init; } = "";

    /// <summary>A person is asked because of an earlier call that may stand: silence never agrees to this one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InDoubt { get; init; }

    /// <summary>Of what the call works on; <c>null</c> where the contract does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourcePrint { get; init; }

    /// <summary>The key of an earlier call of the same tool with the same arguments whose outcome is not known: this one is made under it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? JoinsKey { get; init; }

    /// <summary>The same call as the plan's alternative, gated too; <c>null</c> when there is none.</summary>
    public GatedCall? Alternative { get; init; }
}

/// <summary>Runs the gate over a turn's plan and tells the model about the calls that were refused.</summary>
internal sealed class GateActivity(ISessionStore store, AgentSnapshots snapshots, IToolCatalog tools, StepRecorder recorder) : IActivity<GateInput, GateOutput>
{
    public async Task<GateOutput> RunAsync(IActivityContext context, GateInput input, CancellationToken cancellationToken)
    {
        await recorder.ShowAsync(input.Step, cancellationToken);
        var agent = await snapshots.RequireAsync(input.Step.Session.SnapshotHash, cancellationToken);
        var planned = await store.RequireAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken);
        var plan = planned.Plan;
        var tally = new Tally(input, planned.Seen ?? SeenLabels.None);
        var calls = new List<GatedCall>();
        foreach (var step in plan.Steps)
        {
            var call = await GateAsync(input.Step, agent, step.Id, step.Tool, step.Arguments, step.OnFailure, tally, input.InDoubt, cancellationToken);
            var alternative = step.Alternative is { } other
                ? await GateAsync(input.Step, agent, PlannedCall.AlternativeId(step.Id), other.Tool, other.Arguments, PlannedCall.AfterAlternative, tally, input.InDoubt, cancellationToken)
                : null;
            calls.Add(call with { Alternative = alternative });
        }
        return new GateOutput(calls)
        {
            Saying = Fingerprint.OfSaying(plan.Reason),
        };
    }

    private async Task<GatedCall> GateAsync(
        StepContext step, AgentDefinition agent, string stepId, string tool, JsonElement arguments, OnFailure onFailure, Tally tally, IReadOnlyList<CallInDoubt> inDoubt,
        CancellationToken cancellationToken)
    {
        var decision = ToolGate.Decide(new GateQuestion(agent, step.Session.Role, tool, arguments, tally.Calls, tally.RemainingMicros)
        {
            SpentMicros = step.Progress.CostMicros,
            Seen = tally.Seen,
        });
        var contract = agent.FindTool(tool);
        if (contract is not null && decision is not GateDecision.Refuse)
        {
            tally.Add(contract);
        }
        var call = new GatedCall(stepId, contract?.Name ?? "unknown", VerdictOf(decision), contract?.Tier ?? ToolTier.Destructive)
        {
            OnFailure = onFailure,
            Compensable = contract?.Compensation is not null,
            Irreversible = contract?.Irreversible ?? false,
            Reason = ReasonOf(decision),
            Print = contract is { Polling: true } ? "" : Fingerprint.OfCall(tool, arguments),
            ResourcePrint = contract is not null && contract.Tier != ToolTier.Read && decision is not GateDecision.Refuse && ToolResource.Of(contract, arguments) is { } resource
                ? Fingerprint.OfOutcome(tool, null, resource)
                : null,
        };
        call = await AsReviewedAsync(DoubtGate.Of(call, contract, inDoubt), contract, cancellationToken);
        await recorder.AddAsync(
            recorder.Entry(step, TimelineKind.Gate, $"gate/{stepId}", TitleOf(call), SnakeCase.Of(call.Verdict),
                new { call.Tool, call.Tier, countsAs = CountsAs(contract, tally.Seen), call.Reason, suggestion = (decision as GateDecision.Refuse)?.Suggestion }) with
            {
                Tool = call.Tool,
                StepId = stepId,
            },
            cancellationToken);
        if (decision is GateDecision.Refuse refusal)
        {
            await store.PutAsync(Documents.Observation(step, stepId), Refused(step, stepId, call.Tool, refusal), cancellationToken);
        }
        return call;
    }

    /// <summary>A tool whose source says something else of it now than people reviewed does not run: a person sees what changed. Should it be mended meanwhile, an approved call runs.</summary>
    private async Task<GatedCall> AsReviewedAsync(GatedCall call, ToolContract? contract, CancellationToken cancellationToken) =>
        call.Verdict == GateVerdict.Refuse || contract?.Pin is not { } pin
        || (await tools.FindAsync(contract.Implementation, cancellationToken) as IOutsideTool)?.Definition is not { } now || pin.Is(now)
            ? call
            : call with
            {
                Verdict = GateVerdict.Ask,
                Reason = $"'{contract.Name}' is not what was reviewed when the session started, and does not run as long as that is so. What '{pin.Source}' says of it now:\n{pin.Diff(now)}\n"
                    + "Approve once the source is as it was; reject to go on without it. A session that is started after 'tools pin' knows the new one.",
            };

    /// <summary><c>null</c> where that is the contract's own tier.</summary>
    private static ToolTier? CountsAs(ToolContract? contract, SeenLabels seen) =>
        contract is not null && LabelRule.TierOf(contract.Tier, seen.Labels) is var tier && tier != contract.Tier ? tier : null;

    /// <summary>The session so far, with the calls of this plan that may run.</summary>
    private sealed class Tally(GateInput input, SeenLabels seen)
    {
        public SeenLabels Seen => seen;

        private readonly Dictionary<string, int> _calls = new(input.CallsByTool, StringComparer.Ordinal);

        public IReadOnlyDictionary<string, int> Calls => _calls;

        public Micros RemainingMicros { get; private set; } = input.Limits.MaxCostMicros - input.Step.Progress.CostMicros;

        public void Add(ToolContract contract)
        {
            _calls[contract.Name] = _calls.GetValueOrDefault(contract.Name) + 1;
            RemainingMicros -= contract.CostMicrosPerCall;
        }
    }

    private static Observation Refused(StepContext step, string stepId, string tool, GateDecision.Refuse refusal) => new()
    {
        Turn = step.Turn,
        StepId = stepId,
        Tool = tool,
        Status = ObservationStatus.Refused,
        Message = refusal.Message,
        Suggestion = refusal.Suggestion,
    };

    private static GateVerdict VerdictOf(GateDecision decision) => decision switch
    {
        GateDecision.Run => GateVerdict.Run,
        GateDecision.Ask => GateVerdict.Ask,
        GateDecision.Refuse => GateVerdict.Refuse,
        _ => throw new InvalidOperationException($"Unknown gate decision {decision.GetType().Name}."),
    };

    private static string? ReasonOf(GateDecision decision) => decision switch
    {
        GateDecision.Ask ask => ask.Reason,
        GateDecision.Refuse refuse => refuse.Message,
        _ => null,
    };

    private static string TitleOf(GatedCall call) => call.Verdict switch
    {
        GateVerdict.Run => $"{call.Tool} may run",
        GateVerdict.Ask => $"{call.Tool} needs a person's approval",
        _ => call.Reason ?? $"{call.Tool} is refused",
    };
}
