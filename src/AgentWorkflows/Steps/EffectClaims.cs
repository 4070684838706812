using System.Text.RegularExpressions;

namespace AgentWorkflows.Steps;

/// <summary>What a sentence of an answer claims about one kind of effect: that it was done, or that it was not. English only; what it does not understand claims nothing. Pure.</summary>
internal static partial class EffectClaims
{
    private const string Made = "issued|made|processed|completed|sent|added|created|placed|saved|written|wrote|given|gave|done|applied|executed|recorded";
    private const string Not = @"(?:(?:could|did|was|were|is|are|has|have|had|do|does)(?:\s+not|n't)|cannot|can\s+not|can't)";
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, string[]> Irregular = new(StringComparer.Ordinal)
    {
        ["send"] = ["sent"],
        ["pay"] = ["paid"],
        ["write"] = ["wrote", "written"],
        ["buy"] = ["bought"],
        ["sell"] = ["sold"],
        ["give"] = ["gave", "given"],
        ["take"] = ["took", "taken"],
        ["withdraw"] = ["withdrew", "withdrawn"],
        ["hold"] = ["held"],
        ["make"] = ["made"],
        ["set"] = ["set"],
        ["put"] = ["put"],
    };

    /// <summary>Each sentence in lower case, with one kind of apostrophe. A point within a number ends none.</summary>
    public static IReadOnlyList<string> Sentences(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return [.. SentenceEnd().Split(answer.Replace('’', '\'').ToLowerInvariant()).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0)];
    }

    /// <param name="word">The verb or noun of the effect, such as <c>refund</c>.</param>
    public static Claim Of(string sentence, string word)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var (any, past) = Forms(word);
        if (!Matches(sentence, $@"\b(?:{any})\b") || Hedge().IsMatch(sentence))
        {
            return Claim.None;
        }
        var negated = Matches(sentence, $@"\b{Not}\s+(?:\S+\s+){{0,4}}?(?:{any})\b")
            || Matches(sentence, $@"\b(?:unable\s+to|failed\s+to|not\s+able\s+to|not\s+possible\s+to|never)\s+(?:\S+\s+){{0,4}}?(?:{any})\b")
            || Matches(sentence, $@"\bno\s+(?:\S+\s+){{0,2}}?(?:{any})\s+(?:was|were|has|have|could|took)\b")
            || Matches(sentence, $@"\b(?:no|nothing|none|neither|nobody)\b(?:\s+\S+){{0,5}}?\s+(?:has|have|had|was|were|is|are)\s+(?:been\s+)?(?:\S+\s+)?(?:{past})\b")
            || Matches(sentence, $@"\b(?:{any})(?:\s+\S+){{0,9}}?\s+(?:failed\b|was\s+unsuccessful\b|{Not}\s+(?:\S+\s+){{0,2}}?(?:{Made}|go|gone|succeed|happen|work|possible|carried)\b)");
        if (negated)
        {
            return Claim.NotDone;
        }
        return Matches(sentence, $@"\b(?:i|we)(?:'ve|\s+have|\s+had)?\s+(?:\S+\s+)?(?:{past})\b")
            || Matches(sentence, $@"\b(?:i|we)(?:'ve|\s+have|\s+had)?\s+(?:\S+\s+)?(?:{Made})\s+(?:\S+\s+){{0,4}}?(?:{any})\b") ? Claim.DoneByUs
            : Matches(sentence, $@"\b(?:has|have|was|were|is|are)\s+(?:been\s+)?(?:\S+\s+)?(?:{past})\b")
            || Matches(sentence, $@"\b(?:{any})(?:\s+\S+){{0,9}}?\s+(?:has|have|was|were|is)\s+(?:been\s+)?(?:\S+ly\s+)?(?:{Made}|successful|in\s+place)\b") ? Claim.Done
            : Claim.None;
    }

    private static (string Any, string Past) Forms(string word)
    {
        var root = Regex.Escape(word);
        var past = Irregular.TryGetValue(word, out var irregular) ? string.Join('|', irregular)
            : word[^1] == 'e' ? root + "d"
            : $"{root}(?:{Regex.Escape(word[^1..])})?ed";
        var stem = word.Length > 4 && word[^1] == 'e' ? Regex.Escape(word[..^1]) + "(?:e|es|ing|ion|ions)" : $"{root}(?:s|ing|{Regex.Escape(word[^1..])}ing|lation)?";
        return ($"{stem}|{past}", past);
    }

    private static bool Matches(string sentence, string pattern)
    {
        try
        {
            return Regex.IsMatch(sentence, pattern, RegexOptions.CultureInvariant, Longest);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"(?<=[.!?;])(?=\s|$)|\n|,?\s(?=(?:but|however|though|although|while)\b)")]
    private static partial Regex SentenceEnd();

    /// <summary>What leaves it open, or speaks of before.</summary>
    [GeneratedRegex(@"\b(?:whether|if|may|might|unknown|unclear|uncertain|not known|not sure|in doubt|perhaps|possibly|already|previously|earlier|before|will|would|should|please)\b")]
    private static partial Regex Hedge();
}

/// <summary>What a sentence says of an effect.</summary>
internal enum Claim
{
    None,
    NotDone,

    /// <summary>It is so; the sentence does not say since when, or by whom.</summary>
    Done,

    /// <summary>The session did it.</summary>
    DoneByUs,
}
