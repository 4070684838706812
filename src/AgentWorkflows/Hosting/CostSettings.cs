using System.Globalization;
using AgentWorkflows.Costs;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Words;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Hosting;

/// <summary>The configuration's section <c>Costs</c>, all in USD: <c>UserPerDay</c>, <c>UserPerMonth</c>, <c>AgentPerDay</c>, <c>AgentPerHour</c>, <c>GlobalPerHour</c>, <c>HumanPerTask</c>.</summary>
internal sealed record CostSettings
{
    public const string Section = "Costs";

    private const decimal MaxUsd = 1_000_000_000m;

    public CostCapOptions Caps { get; init; } = new();

    public ReportOptions Reports { get; init; } = new();

    /// <summary>All problems at once; the defaults where there are any.</summary>
    public static (CostSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var problems = new List<string>();
        var (caps, reports) = (new CostCapOptions(), new ReportOptions());
        var settings = new CostSettings
        {
            Caps = new CostCapOptions
            {
                UserPerDayMicros = Usd(section, "UserPerDay", caps.UserPerDayMicros, 1, problems),
                UserPerMonthMicros = Usd(section, "UserPerMonth", caps.UserPerMonthMicros, 1, problems),
                AgentPerDayMicros = Usd(section, "AgentPerDay", caps.AgentPerDayMicros, 1, problems),
                AgentPerHourMicros = section["AgentPerHour"] is null ? null : Usd(section, "AgentPerHour", 0, 1, problems),
                GlobalPerHourMicros = Usd(section, "GlobalPerHour", caps.GlobalPerHourMicros, 1, problems),
            },
            Reports = reports with { HumanMicrosPerTask = Usd(section, "HumanPerTask", reports.HumanMicrosPerTask, 0, problems) },
        };
        string[] known = ["UserPerDay", "UserPerMonth", "AgentPerDay", "AgentPerHour", "GlobalPerHour", "HumanPerTask"];
        foreach (var other in section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add($"{other.Path}: there is no such setting. Allowed: {string.Join(", ", known)}.");
        }
        return problems.Count > 0 ? (new CostSettings(), problems) : (settings, problems);
    }

    private static Micros Usd(IConfigurationSection section, string key, Micros otherwise, Micros least, List<string> problems)
    {
        if (section[key] is not { } text)
        {
            return otherwise;
        }
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd <= MaxUsd
            && Micros.OfUsd(usd) is var micros && micros.Usd == usd && micros >= least)
        {
            return micros;
        }
        problems.Add(string.Create(CultureInfo.InvariantCulture,
            $"{section.Path}:{key} is '{text}'. It must be USD from {least.Usd} to {MaxUsd:0}, with at most six decimals, such as 5.00."));
        return otherwise;
    }
}
