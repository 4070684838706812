using System.Runtime.CompilerServices;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Record;

namespace AgentWorkflows.Agents;

/// <summary>
/// The definitions that sessions run on, in the session store, with the most recently added ones in memory. A snapshot never changes, so what is in memory
/// is never stale. Thread-safe.
/// </summary>
internal sealed class AgentSnapshots(ISessionStore store) : IPlaybooks
{
    private const int MaxInMemory = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AgentDefinition> _byHash = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Of definitions in memory, which never change: each is hashed and saved once, not for every session.</summary>
    private readonly ConditionalWeakTable<AgentDefinition, string> _saved = [];

    /// <summary>Durable when it returns. Saving the same content again changes nothing.</summary>
    public async Task<string> SaveAsync(AgentDefinition definition, CancellationToken cancellationToken)
    {
        if (_saved.TryGetValue(definition, out var known))
        {
            return known;
        }
        var snapshot = AgentSnapshot.Of(definition);
        if (Cached(snapshot.Hash) is null)
        {
            await store.PutSnapshotAsync(snapshot.Hash, snapshot.Content, cancellationToken);
            Keep(snapshot.Hash, snapshot.ToDefinition());
        }
        _saved.AddOrUpdate(definition, snapshot.Hash);
        return snapshot.Hash;
    }

    /// <summary><c>null</c> when no snapshot of that hash was ever saved.</summary>
    public async Task<AgentDefinition?> GetAsync(string hash, CancellationToken cancellationToken)
    {
        if (Cached(hash) is { } cached)
        {
            return cached;
        }
        if (await store.GetSnapshotAsync(hash, cancellationToken) is not { } content)
        {
            return null;
        }
        var definition = new AgentSnapshot(hash, content).ToDefinition();
        Keep(hash, definition);
        return definition;
    }

    /// <summary>For the steps of a session, whose snapshot was saved before it started.</summary>
    /// <exception cref="DurableException">There is no such snapshot; no attempt can help.</exception>
    public async Task<AgentDefinition> RequireAsync(string hash, CancellationToken cancellationToken) =>
        await GetAsync(hash, cancellationToken)
        ?? throw new DurableException("MissingSnapshot", $"The session store has no agent snapshot {hash}.", isNonRetryable: true);

    /// <inheritdoc/>
    public async Task<AgentPlaybook?> FindAsync(string snapshotHash, CancellationToken cancellationToken) =>
        await GetAsync(snapshotHash, cancellationToken) is { } agent ? new AgentPlaybook(agent.Name, agent.Playbook, agent.Tools) : null;

    private AgentDefinition? Cached(string hash)
    {
        lock (_lock)
        {
            return _byHash.GetValueOrDefault(hash);
        }
    }

    private void Keep(string hash, AgentDefinition definition)
    {
        lock (_lock)
        {
            if (!_byHash.TryAdd(hash, definition))
            {
                return;
            }
            _oldestFirst.Enqueue(hash);
            if (_oldestFirst.Count > MaxInMemory)
            {
                _byHash.Remove(_oldestFirst.Dequeue());
            }
        }
    }
}
