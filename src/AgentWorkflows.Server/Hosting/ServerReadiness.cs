using System.Collections.Concurrent;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Sqlite;
using static AgentWorkflows.Operations.Readiness.ReadinessFinding;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Checks this host: what every host checks, and its files.</summary>
internal sealed class ServerReadiness(DataFolder data, ProductDatabase database, HostReadiness host) : IReadinessCheck
{
    private const long LeastFreeBytes = 200L << 20;
    private const long LowFreeBytes = 2L << 30;
    private static readonly string[] Files = [DataFolder.EngineFile, DataFolder.ProductFile];

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<ReadinessFinding>> RunAsync(CancellationToken cancellationToken) => host.RunAsync([Disk(), Store()], cancellationToken);

    private ReadinessFinding Disk()
    {
        var folder = data.FullPath;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var told = FormattableString.Invariant($"{free / (double)(1L << 30):0.0} GiB free for '{data.Path}'.");
        return free switch
        {
            < LeastFreeBytes => Failed("disk_space", told, "Make room: what cannot be written down is not done."),
            < LowFreeBytes => Warning("disk_space", told, "Make room before it is needed."),
            _ => Ok("disk_space", told),
        };
    }

    /// <summary>An open file that was deleted is written to until the process ends, and then everything is gone: nothing else would say so.</summary>
    private ReadinessFinding Store()
    {
        var gone = Files.Where(Disappeared).ToList();
        if (gone.Count > 0)
        {
            return Failed(
                "store_healthy", $"{string.Join(" and ", gone)} in '{data.Path}' was deleted while the server runs: what it writes now is lost when it stops.",
                "Stop the server and restore the data folder from a backup; the command 'check-store' says whether its files belong together.");
        }
        var damage = database.QuickCheck();
        return damage is null
            ? Ok("store_healthy", "Sessions, approvals and ledger are readable and sound.")
            : Failed("store_healthy", $"The database is damaged: {damage}", "Stop the server, keep a copy of the data folder, and restore a backup.");
    }

    /// <summary>Where no engine has run yet there is no file of it.</summary>
    private bool Disappeared(string file)
    {
        if (File.Exists(Path.Combine(data.FullPath, file)))
        {
            _seen[file] = true;
            return false;
        }
        return file == DataFolder.ProductFile || _seen.ContainsKey(file);
    }
}
