using System.Text;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;

namespace AgentWorkflows.Steps;

/// <summary>The recorded facts of a session as text: which calls were made and what came back. Nothing a model said is in it. Pure.</summary>
internal static class Checkpoint
{
    public const int MaxLength = 12_000;
    private const int MaxValue = 600;

    public static string Of(IEnumerable<TranscriptTurn> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        var lines = new List<string>();
        foreach (var turn in turns)
        {
            foreach (var observation in turn.Observations)
            {
                var call = PlannedCall.Find(turn.Plan, observation.StepId);
                var arguments = Cut((observation.Arguments ?? call?.Arguments)?.GetRawText());
                var outcome = Cut(observation.Result?.GetRawText() ?? observation.Message);
                lines.Add(FormattableString.Invariant($"- turn {turn.Turn}, step {observation.StepId}, {observation.Tool} {arguments}: {observation.Status}. {outcome}"));
            }
        }
        return Newest(lines);
    }

    /// <summary>When not all fits, the newest stay.</summary>
    private static string Newest(List<string> lines)
    {
        var kept = 0;
        var length = 0;
        while (kept < lines.Count && length + lines[^(kept + 1)].Length < MaxLength)
        {
            length += lines[^(++kept)].Length + 1;
        }
        var text = new StringBuilder();
        if (kept < lines.Count)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"({lines.Count - kept} older calls left out)\n");
        }
        return text.AppendJoin('\n', lines.Skip(lines.Count - kept)).ToString();
    }

    private static string Cut(string? text) => text is null ? "" : text.Length <= MaxValue ? text : text[..MaxValue] + "…";
}
