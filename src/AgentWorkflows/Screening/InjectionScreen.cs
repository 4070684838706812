namespace AgentWorkflows.Screening;

/// <param name="Kinds">Which heuristics fired, by stable name.</param>
internal sealed record InjectionFinding(double Score, IReadOnlyList<string> Kinds)
{
    /// <summary>From this score on a text is taken for an attack.</summary>
    public const double Threshold = 0.5;

    public bool IsSuspicious => Score >= Threshold;
}

/// <summary>
/// Heuristics for text that tries to instruct the model: how it speaks (<see cref="SignRules"/>), what it looks like (<see cref="InjectionPatterns"/>), what it hides
/// (<see cref="HiddenText"/>, <see cref="HiddenPayloads"/>). Each has a weight; the score is <c>1 − Π(1 − weight)</c> over the kinds found near each other. They find
/// known kinds, not every attack: permissions, tiers and approvals do not depend on them. The time is linear in the text.
/// </summary>
internal static class InjectionScreen
{
    /// <summary>A longer text is checked piece by piece, the pieces overlapping.</summary>
    public const int MaxLength = 200_000;

    private const int Overlap = 2 * Near;

    /// <summary>Letters between two signs that still belong together: about a paragraph.</summary>
    private const int Near = 400;

    /// <summary>Any runbook gives orders: they count beside other signs of this weight only.</summary>
    private const string Order = "order";

    private const double Backing = 0.4;

    /// <summary>More hits of one pattern say nothing new.</summary>
    private const int MostHits = 64;

    public static InjectionFinding Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var worst = Piece(text.Length <= MaxLength ? text : text[..MaxLength]);
        for (var start = MaxLength - Overlap; start + Overlap < text.Length && !worst.IsSuspicious; start += MaxLength - Overlap)
        {
            worst = Piece(text[start..Math.Min(text.Length, start + MaxLength)]) is var next && next.Score > worst.Score ? next : worst;
        }
        return worst;
    }

    private static InjectionFinding Piece(string text)
    {
        var visible = HiddenText.Visible(text);
        var kinds = new Dictionary<string, double>(StringComparer.Ordinal);
        Worst(visible, kinds);
        if (HiddenText.Weight(text) is var hidden and > 0)
        {
            kinds["hidden_unicode"] = hidden;
        }
        if (!IsSuspicious(kinds) && HiddenPayloads.Of(visible).Any(Attacks))
        {
            kinds["encoded_payload"] = 0.8;
        }
        return new InjectionFinding(Math.Round(Score(kinds), 3), [.. kinds.Keys]);
    }

    private static bool Attacks(string decoded)
    {
        var kinds = new Dictionary<string, double>(StringComparer.Ordinal);
        Worst(decoded, kinds);
        return IsSuspicious(kinds);
    }

    private static bool IsSuspicious(Dictionary<string, double> kinds) => Score(kinds) >= InjectionFinding.Threshold;

    private static double Score(Dictionary<string, double> kinds)
    {
        var others = 1 - kinds.Where(kind => kind.Key != Order).Aggregate(1.0, (product, kind) => product * (1 - kind.Value));
        return others < Backing ? others : 1 - ((1 - others) * (1 - kinds.GetValueOrDefault(Order)));
    }

    /// <summary>Adds the kinds of the paragraph with the highest score.</summary>
    private static void Worst(string text, Dictionary<string, double> worst)
    {
        var hits = Hits(text);
        var score = 0.0;
        for (var first = 0; first < hits.Count; first++)
        {
            var kinds = new Dictionary<string, double>(StringComparer.Ordinal);
            for (var at = first; at < hits.Count && hits[at].At - hits[first].At <= Near; at++)
            {
                kinds[hits[at].Kind] = Math.Max(hits[at].Weight, kinds.GetValueOrDefault(hits[at].Kind));
            }
            if (Score(kinds) is var found && found > score)
            {
                score = found;
                worst.Clear();
                kinds.ToList().ForEach(kind => worst[kind.Key] = kind.Value);
            }
            if (score > 0.9)
            {
                return;
            }
        }
    }

    private static List<Hit> Hits(string text)
    {
        var hits = new List<Hit>();
        SignMatcher.AddHits(text.ToLowerInvariant(), hits);
        foreach (var (kind, weight, pattern) in InjectionPatterns.All)
        {
            var left = MostHits;
            foreach (var match in pattern.EnumerateMatches(text))
            {
                hits.Add(new Hit(match.Index, kind, weight));
                if (--left == 0)
                {
                    break;
                }
            }
        }
        hits.Sort((one, other) => one.At.CompareTo(other.At));
        return hits;
    }
}
