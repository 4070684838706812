using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Operations.Reports;

/// <summary>The configuration's section <c>Reports</c>.</summary>
internal sealed record ReportDeliveryOptions
{
    public const string Section = "Reports";

    /// <summary>UTC, 0 to 23, default 6: from this hour on yesterday's report is sent.</summary>
    public int Hour { get; init; } = 6;

    /// <summary>
    /// Names of the notification channels that get it. Default none: it has everybody's costs, and not everybody who approves should see them.
    /// </summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <param name="known">The names of the channels there are.</param>
    public static (ReportDeliveryOptions Options, IReadOnlyList<string> Problems) Read(IConfiguration configuration, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(known);
        var section = configuration.GetSection(Section);
        var problems = new List<string>();
        var options = new ReportDeliveryOptions();
        if (section["Hour"] is { } text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour <= 23)
            {
                options = options with { Hour = hour };
            }
            else
            {
                problems.Add($"{Section}:Hour is '{text}'. It must be 0 to 23, in UTC.");
            }
        }
        List<string> channels = [.. section.GetSection("Channels").GetChildren().Select(child => child.Value ?? "")];
        channels.AddRange((section["Channels"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in channels.Except(known, StringComparer.Ordinal))
        {
            problems.Add($"{Section}:Channels names '{name}', but there is no such channel. " + (known.Count > 0
                ? $"Known: {string.Join(", ", known)}."
                : "Configure one under Notifications."));
        }
        foreach (var other in section.GetChildren().Where(child => child.Key is not ("Hour" or "Channels")))
        {
            problems.Add($"{other.Path}: there is no such setting. Allowed: Hour, Channels.");
        }
        return (options with { Channels = channels }, problems);
    }
}
