using System.Runtime.InteropServices;

namespace AgentWorkflows.Screening;

/// <param name="Sentence">Counts up: words of different sentences mean nothing together.</param>
/// <param name="Kind">Of what kind the word is by its form alone: an address, a tool's name, or neither.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextWord(int Start, int Length, int Sentence, Sign Kind);

/// <summary>Cuts a text into words and sentences. Pure; linear.</summary>
internal static class TextWords
{
    /// <summary>Parts of names of tools that do something: <c>issue_refund</c>, <c>money_transfer</c>. What only looks, such as <c>get_order</c>, can be named by anybody.</summary>
    private static readonly HashSet<string> Doing = new(StringComparer.Ordinal)
    {
        "issue", "refund", "cancel", "delete", "remove", "drop", "send", "transfer", "wire", "pay", "payment", "create", "add", "update", "change", "modify", "edit", "reset", "grant", "revoke", "approve",
        "execute", "run", "exec", "write", "post", "publish", "set", "close", "purchase", "place", "book", "disable", "enable", "upload", "email", "invite", "share", "assign", "charge", "ship", "withdraw",
    };

    public static List<TextWord> Split(string text)
    {
        var words = new List<TextWord>(text.Length / 6);
        var sentence = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                sentence += EndsSentence(text, at) ? 1 : 0;
                at++;
                continue;
            }
            var end = at + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || (IsJoint(text[end]) && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))))
            {
                end++;
            }
            var (stop, kind) = Kind(text, at, end);
            words.Add(new TextWord(at, stop - at, sentence, kind));
            at = stop;
        }
        return words;
    }

    private static bool IsJoint(char letter) => letter is '_' or '\'' or '-';

    private static (int End, Sign Kind) Kind(string text, int start, int end)
    {
        if (end + 2 < text.Length && text[end] == ':' && text[end + 1] == '/' && text[end + 2] == '/')
        {
            return (EndOfAddress(text, end), Sign.Address);
        }
        if (end + 1 < text.Length && text[end] == '@' && char.IsLetterOrDigit(text[end + 1]))
        {
            return (EndOfAddress(text, end), Sign.Address);
        }
        return (end, IsTool(text.AsSpan(start, end - start)) ? Sign.Tool : Sign.None);
    }

    private static bool IsTool(ReadOnlySpan<char> word)
    {
        if (!word.Contains('_') || word.ContainsAnyInRange('0', '9'))
        {
            return false;
        }
        foreach (var part in word.Split('_'))
        {
            if (Doing.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word[part]))
            {
                return true;
            }
        }
        return false;
    }

    private static int EndOfAddress(string text, int from)
    {
        while (from < text.Length && !char.IsWhiteSpace(text[from]) && text[from] is not ('"' or '\'' or '<' or '>' or ')' or ','))
        {
            from++;
        }
        return from;
    }

    private static bool EndsSentence(string text, int at) => text[at] switch
    {
        '.' or '!' or '?' => at + 1 >= text.Length || !char.IsLetterOrDigit(text[at + 1]),
        ';' => true,
        // A line that goes on with a small letter was only broken.
        '\n' => at + 1 >= text.Length || !char.IsLower(text[at + 1]),
        _ => text[at] is '。' or '！' or '？',
    };
}
