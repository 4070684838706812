using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;

namespace AgentWorkflows.Steps;

internal sealed record ForkInput(StepContext Step, ForkSource Source);

/// <param name="Documents">How many were copied.</param>
/// <param name="CallsByTool">The tool calls that ran in the turns taken over.</param>
internal sealed record ForkOutput(int Documents, int SucceededCalls, IReadOnlyDictionary<string, int> CallsByTool);

/// <summary>
/// Copies the recorded plans, results and observations of the source's turns to the fork, so that the fork's next plan reads them as its own and stays complete when
/// the source is purged. Running again changes nothing: each document is written once.
/// </summary>
internal sealed class ForkActivity(ISessionStore store, StepRecorder recorder) : IActivity<ForkInput, ForkOutput>
{
    public async Task<ForkOutput> RunAsync(IActivityContext context, ForkInput input, CancellationToken cancellationToken)
    {
        var (source, fork) = (input.Source, input.Step.Session.Id);
        if (await store.GetAsync(source.SessionId, cancellationToken) is null)
        {
            throw new DurableException("MissingSession", $"Session {source.SessionId}, which this one was forked from, is gone.", isNonRetryable: true);
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        var recorded = await store.ListDocumentsAsync(source.SessionId, source.Turn, cancellationToken);
        List<SessionDocument> documents = [.. recorded.Where(document => !Documents.IsOwnCall(document.Key.Step))];
        foreach (var document in documents)
        {
            await store.PutDocumentAsync(document.Key with { SessionId = fork }, Unpaid(document), cancellationToken);
        }
        var output = Count(Transcript.Read(documents), documents.Count);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Session, "fork", Title(source), "forked",
                new { source.SessionId, source.Turn, output.Documents, output.CallsByTool }),
            cancellationToken);
        return output;
    }

    /// <summary>The source paid for its summaries: a fork that finds one has it for nothing.</summary>
    private static JsonElement Unpaid(SessionDocument document) => Documents.IsSummary(document.Key.Step)
        && document.Content.Deserialize<SummaryDocument>(DurableJson.Options) is { } summary
            ? JsonSerializer.SerializeToElement(summary with { Tokens = 0, CostMicros = 0, Paid = null }, DurableJson.Options)
            : document.Content;

    private static string Title(ForkSource source) => source.Turn == 0
        ? $"Starts as {source.SessionId} did"
        : $"Goes on from turn {source.Turn} of {source.SessionId}";

    internal static ForkOutput Count(IReadOnlyList<TranscriptTurn> turns, int documents)
    {
        var ran = turns.SelectMany(turn => turn.Observations)
            .Where(seen => seen.Status is ObservationStatus.Succeeded or ObservationStatus.CriteriaFailed or ObservationStatus.Failed)
            .ToList();
        return new ForkOutput(
            documents, ran.Count(seen => seen.Status == ObservationStatus.Succeeded),
            ran.GroupBy(seen => seen.Tool, StringComparer.Ordinal).ToDictionary(tool => tool.Key, tool => tool.Count(), StringComparer.Ordinal));
    }
}
