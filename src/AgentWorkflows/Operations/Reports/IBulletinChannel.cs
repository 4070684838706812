using System.Text.Json;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Operations.Reports;

/// <summary>
/// A way to tell whoever reads a channel about something that asks for no answer. Called at least once for each bulletin; thread-safe.
/// </summary>
public interface IBulletinChannel
{
    /// <summary>Unique among the host's channels.</summary>
    string Name { get; }

    /// <summary>Bounded in time. Does not throw for what the other side does.</summary>
    Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken);
}

/// <param name="Id">The same whenever it is sent, so that the other side can tell a repetition.</param>
/// <param name="Type">What machines go by, such as <c>report.daily</c>.</param>
/// <param name="Document">All of it, for machines.</param>
public sealed record Bulletin(string Id, string Type, string Title, IReadOnlyList<BulletinSection> Sections, JsonElement Document)
{
    /// <summary>Where people see more.</summary>
    public Uri? Link { get; init; }

    public string LinkText { get; init; } = "Open the console";
}

/// <param name="Title">Empty for the first.</param>
public sealed record BulletinSection(string Title, IReadOnlyList<(string Name, string Value)> Facts);
