using System.Text;
using Microsoft.ML.Tokenizers;

namespace AgentWorkflows.Models;

/// <summary>
/// Whether a request and its answer fit a model's window, before the call is paid for. Counts as o200k does, the vocabulary of OpenAI's models since GPT-4o; other makers'
/// differ by some percent. Pure and thread-safe.
/// </summary>
internal static class WindowCheck
{
    /// <summary>What a provider adds around a message or a tool.</summary>
    private const int TokensAround = 4;

    /// <summary>A run without a break takes the tokenizer time by the square of its length. Each cut adds a token at most.</summary>
    private const int PartLength = 2048;

    /// <summary>About 0.3 s to read and some 30 MB, so it is made when the first request needs it.</summary>
    private static readonly Lazy<Tokenizer> O200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static bool Fits(ChatRequest request, int windowTokens)
    {
        ArgumentNullException.ThrowIfNull(request);
        var frame = RequestFrame.Of(request);
        var left = windowTokens - request.MaxOutputTokens - (TokensAround * (request.Messages.Count + request.Tools.Count + 1));
        var bytes = frame.TextBytes + request.Messages.Sum(message => (long)Encoding.UTF8.GetByteCount(message.Content));
        // No token is shorter than a byte, so most requests need no tokenizer.
        return left >= 0 && (bytes <= left || Count(request.Messages.Select(message => message.Content).Concat(frame.Texts), left) <= left);
    }

    /// <summary>The tokens of all texts, or any number above <paramref name="most"/>: what is too long is not read to its end.</summary>
    internal static int Count(IEnumerable<string> texts, int most)
    {
        var tokens = 0;
        foreach (var text in texts)
        {
            for (var start = 0; start < text.Length && tokens <= most; start += PartLength)
            {
                tokens += O200k.Value.CountTokens(text.AsSpan(start, Math.Min(PartLength, text.Length - start)));
            }
        }
        return tokens;
    }
}
