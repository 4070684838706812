using AgentWorkflows.Models;

namespace AgentWorkflows.Costs;

/// <summary>
/// Brings holds close to what calls really cost, without ever holding less than can be billed. A provider counts messages apart from each other, so what it billed for
/// a request is known exactly for the same beginning of a later one: a conversation's next turn repeats the last one, and every session of an agent begins with the same
/// instructions and tools. Only what was added is held at a token a byte (<see cref="InputBound"/>). Learned per deployment, in memory, the most recent
/// beginnings; after a restart the first calls are held at the bytes. Thread-safe.
/// </summary>
internal sealed class InputCalibration
{
    private const int MaxKnown = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);

    /// <summary>The most input tokens the request can be billed.</summary>
    public int Bound(ChatRequest request)
    {
        var bound = InputBound.Of(request);
        lock (_lock)
        {
            for (var messages = bound.Messages; messages > 0; messages--)
            {
                if (_known.TryGetValue(Key(request, bound, messages), out var tokens))
                {
                    return Math.Min(bound.Total, tokens + bound.AfterPrefix(messages));
                }
            }
        }
        return bound.Total;
    }

    /// <summary>What a provider billed for a request. More than its bound: the deployment counts differently than before, and all that was learned about it is forgotten.</summary>
    public void Learn(ChatRequest request, ChatUsage usage)
    {
        if (usage.InputTokens <= 0)
        {
            return;
        }
        var allowed = Bound(request);
        var bound = InputBound.Of(request);
        lock (_lock)
        {
            if (usage.InputTokens > allowed)
            {
                _generations[request.Deployment] = _generations.GetValueOrDefault(request.Deployment) + 1;
                return;
            }
            for (var messages = 1; messages <= bound.Messages; messages++)
            {
                // Each message behind the beginning was billed at least one token.
                Keep(Key(request, bound, messages), usage.InputTokens - (bound.Messages - messages));
            }
        }
    }

    private void Keep(string key, int tokens)
    {
        if (_known.TryGetValue(key, out var earlier))
        {
            _known[key] = Math.Min(earlier, tokens);
            return;
        }
        _known.Add(key, tokens);
        _oldestFirst.Enqueue(key);
        if (_oldestFirst.Count > MaxKnown)
        {
            _known.Remove(_oldestFirst.Dequeue());
        }
    }

    private string Key(ChatRequest request, InputBound bound, int messages) =>
        $"{_generations.GetValueOrDefault(request.Deployment)}:{bound.Prefix(messages)}";
}
