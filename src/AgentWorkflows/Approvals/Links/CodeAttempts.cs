using System.Collections.Concurrent;

namespace AgentWorkflows.Approvals.Links;

/// <summary>
/// Counts wrong codes, so that whoever has a link but not its message cannot try codes until one fits: after 10 within 15 minutes the link takes none for a while.
/// In memory and bounded; thread-safe.
/// </summary>
internal sealed class CodeAttempts(TimeProvider time)
{
    public const int MaxWrong = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int MaxLinks = 10_000;

    private readonly ConcurrentDictionary<(string ApprovalId, string Approver), (int Wrong, DateTimeOffset Since)> _wrong = new();

    public bool IsLocked(ApprovalToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _wrong.TryGetValue(KeyOf(token), out var found) && found.Wrong >= MaxWrong && time.GetUtcNow() - found.Since < Window;
    }

    public void AddWrong(ApprovalToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var now = time.GetUtcNow();
        if (_wrong.Count >= MaxLinks)
        {
            foreach (var (key, entry) in _wrong)
            {
                if (now - entry.Since >= Window)
                {
                    _wrong.TryRemove(key, out _);
                }
            }
        }
        _wrong.AddOrUpdate(KeyOf(token), (1, now), (_, before) => now - before.Since < Window ? (before.Wrong + 1, before.Since) : (1, now));
    }

    private static (string, string) KeyOf(ApprovalToken token) => (token.ApprovalId, token.Approver);
}
