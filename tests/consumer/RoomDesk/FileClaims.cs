using System.Globalization;
using AgentWorkflows.Operations;
using AgentWorkflows.Server;

namespace RoomDesk;

/// <summary>A store of one's own: a file for each day's work, which has when its claim ends, or that it is done.</summary>
public sealed class FileClaims(string folder) : IDailyClaims
{
    private const string Done = "done";
    private readonly Lock _lock = new();

    public FileClaims(DataFolder data)
        : this(Path.Combine(data.FullPath, "claims"))
    {
    }

    public Task<DailyClaim> TryTakeAsync(string work, DateOnly day, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var file = FileOf(work, day);
            var before = File.Exists(file) ? File.ReadAllText(file) : null;
            if (before == Done)
            {
                return Task.FromResult(DailyClaim.Done);
            }
            if (before is not null && DateTimeOffset.Parse(before, CultureInfo.InvariantCulture) > now)
            {
                return Task.FromResult(DailyClaim.Held);
            }
            File.WriteAllText(file, (now + hold).ToString("O", CultureInfo.InvariantCulture));
            return Task.FromResult(DailyClaim.Taken);
        }
    }

    public Task CompleteAsync(string work, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            File.WriteAllText(FileOf(work, day), Done);
        }
        return Task.CompletedTask;
    }

    private string FileOf(string work, DateOnly day) =>
        Path.Combine(Directory.CreateDirectory(folder).FullName, $"{work.Replace(':', '+')}_{day:yyyy-MM-dd}");
}
