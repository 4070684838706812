using System.Globalization;

namespace AgentWorkflows.Engine;

/// <summary>Validated when the engine opens; a message names the key and the allowed range.</summary>
public sealed record EngineOptions
{
    /// <summary>The database file; created when missing, with its folder. Beside it stand <c>-wal</c>, <c>-shm</c>, <c>.lock</c> and <c>.owner</c> files.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>Activities that run at the same time: 1 to 10,000, default 64. More wait in order.</summary>
    public int MaxConcurrentActivities { get; init; } = 64;

    /// <summary>Instances kept in memory: 16 to 1,000,000, default 5,000. Beyond it, waiting instances are put out of memory and new ones start when there is room.</summary>
    public int MaxLiveInstances { get; init; } = 5000;

    /// <summary>How long an instance that only waits stays in memory: 0 (not at all) to 1 day, default 30 s.</summary>
    public TimeSpan IdleEviction { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The version of instances and sub-orchestrations started without one: at most 100 characters, default empty (unversioned).</summary>
    public string DefaultVersion { get; init; } = "";

    /// <summary>The largest input, output or event, in bytes of JSON: 1 KiB to 256 MiB, default 4 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a stop waits for running activities after it has cancelled them: 0 to 10 minutes, default 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who waits before a failed read or commit is tried again; default: the engine's clock.</summary>
    internal TimeProvider? RetryTime { get; init; }

    /// <summary>Who runs the engine's work; default: the thread pool, and a thread for the writer. A simulation runs it all on one thread, in an order of its own.</summary>
    internal Action<IThreadPoolWorkItem>? WorkQueue { get; init; }

    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DatabasePath), nameof(DatabasePath), DatabasePath, "the path of a file");
        Require(MaxConcurrentActivities is >= 1 and <= 10_000, nameof(MaxConcurrentActivities), MaxConcurrentActivities, "1 to 10000");
        Require(MaxLiveInstances is >= 16 and <= 1_000_000, nameof(MaxLiveInstances), MaxLiveInstances, "16 to 1000000");
        Require(IdleEviction >= TimeSpan.Zero && IdleEviction <= TimeSpan.FromDays(1), nameof(IdleEviction), IdleEviction, "00:00:00 to 1.00:00:00");
        Require(DefaultVersion is { Length: <= 100 }, nameof(DefaultVersion), DefaultVersion, "at most 100 characters, not null");
        Require(MaxPayloadBytes is >= 1024 and <= 256 * 1024 * 1024, nameof(MaxPayloadBytes), MaxPayloadBytes, "1024 to 268435456");
        Require(StopTimeout >= TimeSpan.Zero && StopTimeout <= TimeSpan.FromMinutes(10), nameof(StopTimeout), StopTimeout, "00:00:00 to 00:10:00");
    }

    private static void Require(bool valid, string key, object? value, string allowed)
    {
        if (!valid)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"EngineOptions.{key} is '{value}'; allowed: {allowed}."), key);
        }
    }
}
