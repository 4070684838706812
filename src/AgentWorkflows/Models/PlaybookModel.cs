using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Models;

/// <summary>
/// The offline playbook: no language model. It follows the playbook of the session's snapshot, so that the same messages always get the same answer, and
/// counts tokens as <see cref="TokenEstimate"/> does, so that limits and costs are exercised. Thread-safe.
/// </summary>
internal sealed class PlaybookModel(IPlaybooks playbooks) : IChatModel
{
    /// <summary>The deployment it answers for.</summary>
    public const string Deployment = "offline-playbook";

    /// <summary>How people are told what answers.</summary>
    public const string Description = "offline playbook, no language model";

    public string Provider => "agentworkflows.playbook";

    public ModelTraits Traits { get; } = new() { IsScripted = true };

    public async Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await playbooks.FindAsync(request.SnapshotHash, cancellationToken) is not { } found)
        {
            return Failed(ChatFailureKind.InvalidRequest, $"There is no snapshot {request.SnapshotHash}.");
        }
        if (found.Playbook is not { } playbook)
        {
            return Failed(
                ChatFailureKind.UnknownDeployment,
                $"The agent '{found.Agent}' has no playbook.yaml, so the {Description} cannot answer for it. Add one, or configure a model.");
        }
        try
        {
            var text = Complete(new PlaybookScript(found.Tools, playbook, PlaybookConversation.Read(request.Messages)), request.Purpose);
            return new ChatResult.Completed(text, new ChatUsage(TokenEstimate.Of(request), 0, TokenEstimate.Of(text))) { Model = Deployment };
        }
        catch (JsonException error)
        {
            return Failed(ChatFailureKind.InvalidRequest, error.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            return Failed(ChatFailureKind.InvalidResponse, "A goal pattern of the playbook took too long to match. Simplify the pattern.");
        }
    }

    private static string Complete(PlaybookScript script, ModelPurpose purpose) => purpose switch
    {
        ModelPurpose.Plan => JsonSerializer.Serialize(script.Next(), DurableJson.Options),
        ModelPurpose.Classify => script.EntryName ?? "other",
        _ => script.AnswerNow(),
    };

    private static ChatResult.Failed Failed(ChatFailureKind kind, string message) => new(kind, message, Billed: false);
}
