using System.Text.RegularExpressions;
using AgentWorkflows.Agents;
using AgentWorkflows.Compensation;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Steps;

/// <summary>What a session's record says of the writing calls it made, and whether an answer says otherwise. Pure.</summary>
internal sealed partial class EffectRecord
{
    private const int MinWordLength = 3;
    private readonly List<Call> _calls = [];
    private readonly AgentDefinition _agent;

    private EffectRecord(AgentDefinition agent) => _agent = agent;

    private sealed record Call(ToolContract Contract, ActionOutcome Effect, string? Resource, IReadOnlySet<string> Numbers);

    public static EffectRecord Of(AgentDefinition agent, IReadOnlyList<TranscriptTurn> turns, IReadOnlyList<CompensationEntry> stack)
    {
        var record = new EffectRecord(agent);
        var open = EffectsInDoubt.Of(stack);
        foreach (var turn in turns)
        {
            foreach (var seen in turn.Observations)
            {
                if (agent.FindTool(seen.Tool) is not { Tier: not ToolTier.Read } contract || seen.Status == ObservationStatus.Skipped)
                {
                    continue;
                }
                var entry = stack.LastOrDefault(entry => entry.Turn == turn.Turn && entry.StepId == seen.StepId);
                var effect = seen.Status is ObservationStatus.Succeeded or ObservationStatus.CriteriaFailed ? ActionOutcome.Done
                    : entry is null ? ActionOutcome.NotDone
                    // The same call may have been settled since, under the same key.
                    : entry.Action == ActionOutcome.Unknown && !open.Contains(entry) ? ActionOutcome.Done
                    : entry.Action;
                var arguments = seen.Arguments ?? PlannedCall.Find(turn.Plan, seen.StepId)?.Arguments;
                record._calls.Add(new Call(contract, effect, arguments is { } given ? ToolResource.Of(contract, given) : null, NumbersIn($"{arguments?.GetRawText()} {seen.Result?.GetRawText()}")));
            }
        }
        return record;
    }

    /// <returns>Every contradiction, written for the model; <c>null</c> when there is none.</returns>
    public string? Contradiction(string answer)
    {
        var sentences = EffectClaims.Sentences(answer);
        var found = _agent.Tools.Where(tool => tool.Tier != ToolTier.Read && tool.Offered)
            .Select(tool => Contradiction(tool, sentences)).OfType<string>().ToList();
        return found.Count == 0 ? null : $"The answer contradicts what was recorded. {string.Join(' ', found)} Say what the record says, and no more.";
    }

    /// <summary>In place of an answer that says otherwise.</summary>
    public string Told() => _calls.Count == 0
        ? "From the record: nothing was changed."
        : $"From the record: {string.Join("; ", _calls.GroupBy(call => (call.Contract.Name, call.Resource)).Select(Told))}.";

    private static string Told(IGrouping<(string Tool, string? Resource), Call> calls)
    {
        var name = calls.Key.Resource is { } resource ? $"{calls.Key.Tool} ({resource})" : calls.Key.Tool;
        return calls.Any(call => call.Effect == ActionOutcome.Done) ? $"{name} took effect"
            : calls.Any(call => call.Effect == ActionOutcome.Unknown) ? $"it is not known whether {name} took effect"
            : $"{name} did not take effect";
    }

    private string? Contradiction(ToolContract tool, IReadOnlyList<string> sentences)
    {
        var calls = _calls.Where(call => call.Contract.Name == tool.Name).ToList();
        var stands = calls.Where(call => call.Effect != ActionOutcome.NotDone).ToList();
        foreach (var sentence in sentences)
        {
            var claim = WordsOf(tool).Select(word => EffectClaims.Of(sentence, word)).FirstOrDefault(claim => claim != Claim.None);
            if (claim == Claim.NotDone && stands.Count > 0 && IsAbout(sentence, stands, calls))
            {
                return stands.Exists(call => call.Effect == ActionOutcome.Done)
                    ? $"It says that {tool.Name} was not done; it took effect."
                    : $"It says that {tool.Name} was not done; it is not known whether it took effect.";
            }
            // What tools read may be told as it is: only what the session says it did, or tried to, can be wrong here.
            var claimsDone = claim == Claim.DoneByUs || (claim == Claim.Done && calls.Count > 0);
            if (claimsDone && !stands.Exists(call => call.Effect == ActionOutcome.Done) && !DoneByOther(tool))
            {
                return stands.Count > 0
                    ? $"It says that {tool.Name} was done; it is not known whether it took effect."
                    : $"It says that {tool.Name} was done; nothing of it took effect.";
            }
        }
        return null;
    }

    /// <summary>Another tool of the same effect took effect, and may be what is meant.</summary>
    private bool DoneByOther(ToolContract tool) => _calls.Exists(call =>
        call.Contract.Name != tool.Name && call.Effect != ActionOutcome.NotDone && WordsOf(call.Contract).Intersect(WordsOf(tool), StringComparer.Ordinal).Any());

    /// <summary>A sentence that names a number of what was not done, or of something that no call was about, is about that.</summary>
    private static bool IsAbout(string sentence, List<Call> stands, List<Call> calls)
    {
        var named = NumbersIn(sentence);
        var standing = stands.SelectMany(call => call.Numbers).ToHashSet(StringComparer.Ordinal);
        var others = calls.Except(stands).SelectMany(call => call.Numbers).Where(number => !standing.Contains(number)).ToHashSet(StringComparer.Ordinal);
        return named.Overlaps(standing) ? !named.Overlaps(others) : named.Count == 0 && others.Count == 0;
    }

    /// <summary>What the effect is called: the last word of what the contract says it changes (<c>payment.refund</c>); without that, the words of its name.</summary>
    private static IEnumerable<string> WordsOf(ToolContract tool) =>
        (tool.SideEffects.Count > 0 ? tool.SideEffects.Select(effect => effect.Split('.', ' ', '_')[^1]) : tool.Name.Split('_'))
        .Select(word => word.ToLowerInvariant()).Where(word => word.Length >= MinWordLength).Distinct(StringComparer.Ordinal);

    private static HashSet<string> NumbersIn(string text) => Number().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\d+(?:\.\d+)?")]
    private static partial Regex Number();
}
