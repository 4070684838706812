using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;

namespace AgentWorkflows.Steps;

/// <summary>Compares what a plan takes for facts with what was recorded. Pure.</summary>
internal static class FactCheck
{
    private const int MaxNamed = 5;
    private const int MaxShown = 80;

    /// <summary>
    /// Every difference, written for the model. A recorded text is never repeated: it comes from a tool, and the error is not data to the model. Numbers are.
    /// </summary>
    /// <param name="turns">The turns before the plan's own.</param>
    /// <returns><c>null</c> when all facts are as recorded.</returns>
    public static string? Contradiction(IReadOnlyList<ReliedFact>? facts, IReadOnlyList<TranscriptTurn> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        var found = (facts ?? []).Select(fact => Difference(fact, turns)).OfType<string>().Take(MaxNamed).ToList();
        return found.Count == 0 ? null : "reliesOn contradicts what was recorded. " + string.Join(' ', found);
    }

    private static string? Difference(ReliedFact fact, IReadOnlyList<TranscriptTurn> turns)
    {
        var observation = turns.FirstOrDefault(turn => turn.Turn == fact.Turn)?.Observations.FirstOrDefault(seen => seen.StepId == fact.Step);
        var step = string.Create(CultureInfo.InvariantCulture, $"step '{Shown(fact.Step)}' of turn {fact.Turn}");
        if (observation is null)
        {
            return $"There was no {step}. {Known(turns)}";
        }
        if (observation.Result is not { } result)
        {
            return $"The {step} gave no result.";
        }
        if (CriteriaCheck.Find(result, fact.Path) is not { } recorded)
        {
            return fact.Value.ValueKind == JsonValueKind.Null ? null : $"'{Shown(fact.Path)}' is not in the result of {step}.";
        }
        return IsSame(recorded, fact.Value) ? null
            : $"'{Shown(fact.Path)}' in the result of {step} is not {Shown(fact.Value.GetRawText())}{(IsHarmless(recorded) ? $"; it is {Shown(recorded.GetRawText())}" : "")}.";
    }

    /// <summary>Numbers compare as numbers, also where one of the two was written as text.</summary>
    private static bool IsSame(JsonElement recorded, JsonElement said) =>
        JsonElement.DeepEquals(recorded, said)
        || (recorded.ValueKind == JsonValueKind.String && said.ValueKind == JsonValueKind.String && recorded.GetString()!.Trim() == said.GetString()!.Trim())
        || (recorded.ValueKind != said.ValueKind && Number(recorded) is { } one && one == Number(said));

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.String when decimal.TryParse(
            value.GetString(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static bool IsHarmless(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;

    private static string Known(IReadOnlyList<TranscriptTurn> turns)
    {
        var steps = turns.SelectMany(turn => turn.Observations.Select(seen => $"{seen.StepId} (turn {turn.Turn.ToString(CultureInfo.InvariantCulture)})")).ToList();
        return steps.Count == 0 ? "Nothing has been recorded yet." : $"Recorded: {string.Join(", ", steps.TakeLast(ReliedFact.MaxCount))}.";
    }

    private static string Shown(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
