using System.Globalization;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Guards.Loops;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Planning;

/// <param name="Attempt">From 1; each attempt is a call of its own in the ledger.</param>
public sealed record PlanInput(StepContext Step, int Attempt, SessionLimits Limits);

public sealed record PlanOutput(PlanKind Kind, int Tokens, long CostMicros)
{
    /// <summary>For <see cref="PlanKind.Retry"/>: how long to wait first.</summary>
    public TimeSpan RetryAfter { get; init; }

    public SessionFailure? Failure { get; init; }

    /// <summary>See <see cref="Fingerprint.OfSaying"/>: of the reason the model gave.</summary>
    public string Print { get; init; } = "";
}

public enum PlanKind
{
    /// <summary>Tool calls, in the turn's plan document.</summary>
    Steps,

    /// <summary>The answer, in the turn's plan document.</summary>
    Answer,

    /// <summary>Another attempt may help.</summary>
    Retry,

    /// <summary>No attempt can help.</summary>
    Fail,
}

/// <summary>Asks the model for the next tool calls or the answer. One model call at most per run.</summary>
internal sealed class PlanActivity(
    ISessionStore store, AgentSnapshots snapshots, IChatModelCatalog models, MeteredCalls calls, InputCalibration calibration, CostCapOptions capOptions, StepRecorder recorder)
    : IActivity<PlanInput, PlanOutput>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    public async Task<PlanOutput> RunAsync(IActivityContext context, PlanInput input, CancellationToken cancellationToken)
    {
        if (await store.FindAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken) is { } kept)
        {
            return await FinishAsync(input, OutputOf(kept), kept.Paid, null, cancellationToken);
        }
        if (await store.FindAsync<InvalidPlanDocument>(Documents.InvalidPlan(input.Step, input.Attempt), cancellationToken) is { } refusedAnswer)
        {
            return await FinishAsync(input, OutputOf(input, refusedAnswer), refusedAnswer.Paid, null, cancellationToken);
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        var started = recorder.Started;
        var agent = await snapshots.RequireAsync(input.Step.Session.SnapshotHash, cancellationToken);
        var request = await RequestAsync(input, agent, cancellationToken);
        if (!agent.Prices.TryGetValue(request.Deployment, out var price))
        {
            return await FailAsync(input, new SessionFailure(
                FailureCategory.Budget, "model_without_price", PriceSheets.Unpriced(request.Deployment, agent.Prices)), cancellationToken);
        }
        var model = models.Find(request.Deployment) ?? throw new DurableException(
            "UnknownDeployment", $"No model is configured for deployment '{request.Deployment}'.", isNonRetryable: true);
        var hold = await calls.HoldAsync(
            EntryOf(input, request.Deployment), Pricing.WorstCase(price, calibration.Bound(request), request.MaxOutputTokens),
            CostCaps.For(input.Step.Session, input.Limits, capOptions, recorder.Now), cancellationToken);
        if (hold is Hold.Refused refused)
        {
            return await FailAsync(input, CapFailure.Of(refused.Cap), cancellationToken, refused.InDoubtMicros);
        }
        var granted = (Hold.Granted)hold;
        return await model.CompleteAsync(request, cancellationToken) switch
        {
            ChatResult.Completed completed => await KeepAsync(input, request, price, granted, completed, recorder.Since(started), cancellationToken),
            ChatResult.Failed failed => await FailedAsync(input, granted, failed, cancellationToken),
            var other => throw new InvalidOperationException($"Unknown chat result {other.GetType().Name}."),
        };
    }

    private async Task<ChatRequest> RequestAsync(PlanInput input, AgentDefinition agent, CancellationToken cancellationToken)
    {
        var session = await store.GetAsync(input.Step.Session.Id, cancellationToken)
            ?? throw new DurableException("MissingSession", $"The session store has no session {input.Step.Session.Id}.", isNonRetryable: true);
        var documents = await store.ListDocumentsAsync(session.Id, input.Step.Turn, cancellationToken);
        var messages = Transcript.Messages(agent, session, Transcript.Read(documents)).ToList();
        if (input.Attempt > 1 && await store.FindAsync<InvalidPlanDocument>(Documents.InvalidPlan(input.Step, input.Attempt - 1), cancellationToken) is { } invalid)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, invalid.Text));
            messages.Add(new ChatMessage(ChatRole.User, $"Your last message was refused: {invalid.Problem} Answer again, following the schema."));
        }
        var route = agent.Models[ModelPurpose.Plan];
        return new ChatRequest
        {
            SessionId = session.Id,
            Turn = input.Step.Turn,
            SnapshotHash = input.Step.Session.SnapshotHash,
            Purpose = ModelPurpose.Plan,
            Deployment = models.Resolve(route.Deployment),
            Messages = messages,
            Tools = [.. agent.ToolsFor(input.Step.Session.Role).Select(tool => new ToolDeclaration(tool.Name, tool.Description, tool.Parameters))],
            MaxOutputTokens = route.MaxOutputTokens,
            Temperature = route.Temperature,
            ResponseSchema = PlanParser.Schema,
        };
    }

    private async Task<PlanOutput> KeepAsync(
        PlanInput input, ChatRequest request, ModelPrice price, Hold.Granted granted, ChatResult.Completed completed, TimeSpan took,
        CancellationToken cancellationToken)
    {
        var cost = Pricing.Cost(price, completed.Usage);
        calibration.Learn(request, completed.Usage);
        var paid = new PaidCall(granted.EntryId, new CostActual(cost)
        {
            InputTokens = completed.Usage.InputTokens,
            CachedInputTokens = completed.Usage.CachedInputTokens,
            OutputTokens = completed.Usage.OutputTokens,
            PriceSheetVersion = price.SheetVersion,
            Prices = Pricing.UnitsOf(price),
        });
        var output = PlanParser.Parse(completed.Text) switch
        {
            ParsedPlan.Valid valid => OutputOf(await store.PutAsync(
                Documents.Plan(input.Step),
                new PlanDocument(valid.Plan, completed.Usage.Total, cost + granted.InDoubtMicros)
                {
                    Model = completed.Model,
                    Deployment = request.Deployment,
                    RequestId = completed.RequestId,
                    FinishReason = completed.FinishReason,
                    Paid = paid,
                },
                cancellationToken)),
            ParsedPlan.Invalid invalid => OutputOf(input, await store.PutAsync(
                Documents.InvalidPlan(input.Step, input.Attempt),
                new InvalidPlanDocument(TextOf(completed), invalid.Problem, completed.Usage.Total, cost + granted.InDoubtMicros) { Paid = paid },
                cancellationToken)),
            var other => throw new InvalidOperationException($"Unknown parse result {other.GetType().Name}."),
        };
        return await FinishAsync(input, output, paid, took, cancellationToken);
    }

    /// <summary>Everything after the answer is kept: safe to repeat.</summary>
    private async Task<PlanOutput> FinishAsync(PlanInput input, PlanOutput output, PaidCall? paid, TimeSpan? took, CancellationToken cancellationToken)
    {
        if (paid is not null)
        {
            await calls.SettleAsync(paid.EntryId, paid.Actual, cancellationToken);
        }
        await TellAsync(input, output, took, cancellationToken);
        return output;
    }

    private async Task<PlanOutput> FailedAsync(PlanInput input, Hold.Granted granted, ChatResult.Failed failed, CancellationToken cancellationToken)
    {
        var cost = granted.InDoubtMicros;
        if (failed.Billed)
        {
            await calls.SettleAsync(granted.EntryId, new CostActual(granted.HeldMicros) { InDoubt = true }, cancellationToken);
            cost += granted.HeldMicros;
        }
        else
        {
            await calls.ReleaseAsync(granted.EntryId, cancellationToken);
        }
        var retry = failed.Kind is ChatFailureKind.RateLimited or ChatFailureKind.Unavailable or ChatFailureKind.Timeout or ChatFailureKind.InvalidResponse;
        var output = new PlanOutput(retry ? PlanKind.Retry : PlanKind.Fail, 0, cost)
        {
            RetryAfter = failed.RetryAfter ?? RetryDelay,
            Failure = new SessionFailure(CategoryOf(failed.Kind), "model_" + Snake(failed.Kind), failed.Message),
        };
        await TellAsync(input, output, null, cancellationToken);
        return output;
    }

    private async Task<PlanOutput> FailAsync(PlanInput input, SessionFailure failure, CancellationToken cancellationToken, long costMicros = 0)
    {
        var output = new PlanOutput(PlanKind.Fail, 0, costMicros) { Failure = failure };
        await TellAsync(input, output, null, cancellationToken);
        return output;
    }

    private async Task TellAsync(PlanInput input, PlanOutput output, TimeSpan? took, CancellationToken cancellationToken)
    {
        var planned = await store.FindAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken);
        var title = planned?.Plan switch
        {
            { Answer: not null } => "Answers the goal",
            { Reason.Length: > 0 } plan => plan.Reason,
            { } plan => string.Join(", ", plan.Steps.Select(step => step.Tool)),
            null => output.Failure?.Message ?? "No plan",
        };
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Plan, $"plan/{input.Attempt.ToString(CultureInfo.InvariantCulture)}", title, Snake(output.Kind),
                new
                {
                    model = planned is null ? null : models.Describe(planned.Deployment),
                    requestId = planned?.RequestId,
                    steps = planned?.Plan.Steps.Select(step => new { step.Id, step.Tool, step.Arguments }),
                    failure = output.Failure,
                }) with
            {
                Duration = took,
                CostMicros = output.CostMicros,
                Tokens = output.Tokens,
            },
            cancellationToken);
    }

    private static PlanOutput OutputOf(PlanDocument document) =>
        new(document.Plan.Answer is null ? PlanKind.Steps : PlanKind.Answer, document.Tokens, document.CostMicros) { Print = Fingerprint.OfSaying(document.Plan.Reason) };

    private static PlanOutput OutputOf(PlanInput input, InvalidPlanDocument document) =>
        // One repair attempt that shows the model its error; a second invalid answer is final.
        new(input.Attempt == 1 ? PlanKind.Retry : PlanKind.Fail, document.Tokens, document.CostMicros)
        {
            Failure = new SessionFailure(FailureCategory.Quality, "invalid_model_output", document.Problem),
        };

    private static string TextOf(ChatResult.Completed completed) =>
        completed.Text.Length <= PlanParser.MaxTextLength ? completed.Text : completed.Text[..2000];

    private static CostEntry EntryOf(PlanInput input, string deployment) => new(
        string.Create(CultureInfo.InvariantCulture, $"{input.Step.Session.Id}/{input.Step.Turn}/plan/{input.Attempt}"),
        input.Step.Session.Id, input.Step.Turn, CostKind.Model, deployment)
    {
        Agent = input.Step.Session.Agent,
        UserId = input.Step.Session.UserId,
        TaskType = input.Step.Session.TaskType,
        Purpose = "plan",
    };

    private static FailureCategory CategoryOf(ChatFailureKind kind) => kind switch
    {
        ChatFailureKind.ContextLength => FailureCategory.Context,
        ChatFailureKind.ContentFilter or ChatFailureKind.InvalidResponse => FailureCategory.Quality,
        _ => FailureCategory.System,
    };

    private static string Snake<TEnum>(TEnum value)
        where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
