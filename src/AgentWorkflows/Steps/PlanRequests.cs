using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;

namespace AgentWorkflows.Steps;

/// <param name="Known">What an answer may name: the goal, the context, and what tools have said.</param>
/// <param name="TooLong">The request does not fit the route's token window.</param>
internal sealed record PlanQuestion(ChatRequest Request, IReadOnlyList<string> Known, bool TooLong)
{
    public IReadOnlyList<TranscriptTurn> Turns { get; init; } = [];

    public SeenLabels Seen { get; init; } = SeenLabels.None;

    /// <summary>An answer to it before was no plan.</summary>
    public bool Repairs { get; init; }

    /// <summary>What was recorded of the session's effects.</summary>
    public EffectRecord? Effects { get; init; }

    /// <summary>An answer that contradicts the record is not asked for again: the record is told in its place.</summary>
    public bool TellsRecord { get; init; }

    /// <summary>Another deployment can be asked the same.</summary>
    public bool HasFallback { get; init; }

    /// <summary>See <see cref="RouteRule.DraftsAnswers"/>.</summary>
    public bool DraftsAnswers { get; init; }
}

/// <summary>Makes the request of a planning step from the session's documents.</summary>
internal sealed class PlanRequests(ISessionStore store, IChatModelCatalog models)
{
    public async Task<PlanQuestion> MakeAsync(PlanInput input, AgentDefinition agent, CancellationToken cancellationToken)
    {
        var session = await store.RequireSessionAsync(input.Step, cancellationToken);
        var documents = await store.ListDocumentsAsync(session.Id, input.Step.Turn, cancellationToken);
        var turns = Transcript.Read(documents);
        var messages = Transcript.Messages(agent.Instructions, session, turns, Transcript.LatestSummary(documents)).ToList();
        if (input.Notice is { } notice)
        {
            messages.Add(new ChatMessage(ChatRole.User, notice));
        }
        var route = agent.Models[ModelPurpose.Plan];
        var fallback = RouteRule.FallbackOf(route, models, agent.Prices);
        var deployment = models.Resolve(RouteRule.PlannerOf(route, fallback, input.Simple, input.Fallback));
        var offered = PlanTools.For(agent, input.Step.Session.Role);
        var schema = offered.Schema;
        if (!models.TraitsOf(deployment).IsScripted)
        {
            messages[0] = messages[0] with { Content = $"{messages[0].Content}\n{Transcript.FactRules}" };
            if (schema.Strict)
            {
                // Its own plans in the words of the schema it is held to.
                messages = [.. messages.Select(message => message.Role == ChatRole.Assistant ? message with { Content = NamedCalls.Shown(message.Content) } : message)];
            }
        }
        var seen = SeenLabels.Of(turns.SelectMany(turn => turn.Observations));
        var invalid = await LastInvalidAsync(input, cancellationToken);
        if (invalid is not null)
        {
            if (!input.Refreshed)
            {
                messages.Add(new ChatMessage(ChatRole.Assistant, invalid.Text));
            }
            messages.Add(new ChatMessage(ChatRole.User, $"Your last message was refused: {invalid.Problem} Answer again, following the schema."));
        }
        var request = new ChatRequest
        {
            SessionId = session.Id,
            Turn = input.Step.Turn,
            SnapshotHash = input.Step.Session.SnapshotHash,
            Purpose = ModelPurpose.Plan,
            Deployment = deployment,
            Messages = messages,
            Labels = seen.Labels,
            Tools = offered.Tools,
            MaxOutputTokens = route.MaxOutputTokens,
            Temperature = route.Temperature,
            Timeout = route.Timeout ?? ChatRequest.DefaultTimeout,
            ResponseSchema = schema.Schema,
            StrictSchema = schema.Strict,
        };
        return new PlanQuestion(
            request, KnownOf(session, turns),
            !WindowCheck.Fits(request, route.WindowTokens))
        {
            Turns = turns,
            Effects = EffectRecord.Of(agent, turns, input.Step.Progress.Compensations),
            TellsRecord = invalid is { Contradiction: true } || input.Limits.MaxRetries == 0,
            Seen = seen,
            Repairs = invalid is { Contradiction: false },
            HasFallback = input.Simple || fallback is not null,
            DraftsAnswers = RouteRule.DraftsAnswers(agent, models),
        };
    }

    /// <summary>What an answer may name.</summary>
    public static IReadOnlyList<string> KnownOf(SessionRecord session, IReadOnlyList<TranscriptTurn> turns) =>
        [session.Goal, session.Context.GetRawText(), .. turns.SelectMany(turn => turn.Observations).Select(Known)];

    /// <summary>Of the attempts before this one, whatever came between: a wait must not make the model forget its error.</summary>
    private async Task<InvalidPlanDocument?> LastInvalidAsync(PlanInput input, CancellationToken cancellationToken)
    {
        for (var attempt = input.Attempt - 1; attempt >= 1; attempt--)
        {
            if (await store.FindAsync<InvalidPlanDocument>(Documents.InvalidPlan(input.Step, attempt), cancellationToken) is { } invalid)
            {
                return invalid;
            }
        }
        return null;
    }

    private static string Known(Observation observation) => $"{observation.Result?.GetRawText()} {observation.Message} {observation.Arguments?.GetRawText()}";
}
