using System.Numerics;

namespace AgentWorkflows.Screening;

/// <param name="At">Where it is in the text.</param>
internal readonly record struct Hit(int At, string Kind, double Weight);

/// <summary>Reads a text once, word by word, and says which <see cref="SignRules"/> it fulfils where. Pure; linear.</summary>
internal static class SignMatcher
{
    /// <param name="text">Lower case, without accents.</param>
    public static void AddHits(string text, List<Hit> hits)
    {
        var words = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(TextWords.Split(text));
        var progress = SignRules.All.Select(rule => new int[rule.Parts.Length]).ToArray();
        foreach (var starts in progress)
        {
            Array.Fill(starts, -1);
        }
        for (var at = 0; at < words.Length; at++)
        {
            var signs = words[at].Kind | (words[at].Kind == Sign.Address ? Sign.None : SignLexicon.At(text, words, at));
            ulong moved = 0;
            for (var left = (ulong)signs; left != 0; left &= left - 1)
            {
                foreach (var rule in SignRules.BySign[BitOperations.TrailingZeroCount(left)])
                {
                    // Each rule once a word.
                    if ((moved >> rule & 1) == 0 && Advance(SignRules.All[rule], progress[rule], words, at, signs))
                    {
                        hits.Add(new Hit(words[at].Start, SignRules.All[rule].Kind, SignRules.All[rule].Weight));
                    }
                    moved |= 1UL << rule;
                }
            }
        }
    }

    /// <summary><paramref name="starts"/> says for each part where the latest sequence up to it began.</summary>
    private static bool Advance(SignRule rule, int[] starts, ReadOnlySpan<TextWord> words, int at, Sign signs)
    {
        var done = false;
        for (var part = rule.Parts.Length - 1; part >= 0; part--)
        {
            if ((rule.Parts[part] & signs) == 0)
            {
                continue;
            }
            var start = part == 0 ? at : starts[part - 1];
            if (start >= 0 && at - start <= rule.Within && words[start].Sentence == words[at].Sentence)
            {
                starts[part] = start;
                done |= part == rule.Parts.Length - 1;
            }
        }
        return done;
    }
}
