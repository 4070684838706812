using System.Runtime.InteropServices;

namespace AgentWorkflows.Screening;

/// <summary>Finds the phrases of <see cref="SignWords"/> in a list of words: the time is proportional to the words, whatever they are. Pure; safe on any number of threads.</summary>
internal static class SignLexicon
{
    /// <summary>Shortest beginning of a word that may stand for the word.</summary>
    private const int ShortestStem = 2;

    private static readonly Node Root = Build();

    /// <param name="words">Lower case, without accents.</param>
    /// <returns>What the word at <paramref name="at"/>, alone or with those after it, may mean.</returns>
    public static Sign At(string text, ReadOnlySpan<TextWord> words, int at)
    {
        var found = Sign.None;
        Descend(Root, text, words, at, ref found);
        return found;
    }

    private static void Descend(Node node, string text, ReadOnlySpan<TextWord> words, int at, ref Sign found)
    {
        // A phrase does not go on in the next sentence.
        if (at >= words.Length || (node != Root && words[at].Sentence != words[at - 1].Sentence))
        {
            return;
        }
        var word = text.AsSpan(words[at].Start, words[at].Length);
        if (node.Words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var next))
        {
            found |= next.Means;
            Descend(next, text, words, at + 1, ref found);
        }
        for (var length = Math.Min(word.Length, node.LongestStem); length >= node.ShortestStemHere; length--)
        {
            if (node.Stems.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word[..length], out var stem))
            {
                found |= stem.Means;
            }
        }
    }

    private static Node Build()
    {
        var root = new Node();
        foreach (var (sign, words) in SignWords.All.Concat(SignWordsOfActs.All))
        {
            foreach (var phrase in words.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Add(root, phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries), sign);
            }
        }
        return root;
    }

    private static void Add(Node node, string[] words, Sign sign)
    {
        foreach (var word in words[..^1])
        {
            node = CollectionsMarshal.GetValueRefOrAddDefault(node.Words, word, out _) ??= new Node();
        }
        var last = words[^1];
        var isStem = last.EndsWith('*');
        var stem = last.TrimEnd('*');
        if (isStem && stem.Length < ShortestStem)
        {
            // "your hidden *": any word will do.
            node.Means |= sign;
            return;
        }
        var leaf = CollectionsMarshal.GetValueRefOrAddDefault(isStem ? node.Stems : node.Words, stem, out _) ??= new Node();
        leaf.Means |= sign;
        if (isStem)
        {
            node.LongestStem = Math.Max(node.LongestStem, stem.Length);
            node.ShortestStemHere = Math.Min(node.ShortestStemHere, stem.Length);
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Words { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Node> Stems { get; } = new(StringComparer.Ordinal);

        public int LongestStem { get; set; }

        public int ShortestStemHere { get; set; } = int.MaxValue;

        public Sign Means { get; set; }
    }
}
