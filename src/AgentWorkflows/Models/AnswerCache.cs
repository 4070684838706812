using System.Security.Cryptography;
using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Models;

/// <summary>
/// Answers to identical deterministic requests: same deployment, messages, tools, schema and bounds, at temperature 0. Only for routes that ask for it, because the same
/// question may deserve a new answer. In memory, the most recent 1,000, for an hour. Thread-safe.
/// </summary>
internal sealed class AnswerCache(TimeProvider time)
{
    public const int MaxAnswers = 1000;

    /// <summary>Longer ones are not kept, so that memory has a bound.</summary>
    public const int MaxAnswerLength = 32 * 1024;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ChatResult.Completed Answer, DateTimeOffset Until)> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    public ChatResult.Completed? Find(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Temperature != 0)
        {
            return null;
        }
        var key = KeyOf(request);
        lock (_lock)
        {
            return _answers.TryGetValue(key, out var kept) && kept.Until > time.GetUtcNow() ? kept.Answer : null;
        }
    }

    /// <summary>For answers of a model that were of use; not for those found here, whose hour would begin anew.</summary>
    public void Keep(ChatRequest request, ChatResult.Completed answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        if (request.Temperature != 0 || answer.Text.Length > MaxAnswerLength)
        {
            return;
        }
        var key = KeyOf(request);
        lock (_lock)
        {
            if (!_answers.ContainsKey(key))
            {
                _oldestFirst.Enqueue(key);
            }
            _answers[key] = (answer, time.GetUtcNow() + Lifetime);
            while (_oldestFirst.Count > MaxAnswers)
            {
                _answers.Remove(_oldestFirst.Dequeue());
            }
        }
    }

    private static string KeyOf(ChatRequest request) => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        request with { SessionId = "", Turn = 0, Timeout = default }, DurableJson.Options)));
}
