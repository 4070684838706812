using AgentWorkflows.Agents.Yaml;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Hosting.Settings;

/// <summary>Where settings are read from, the weakest first.</summary>
internal sealed class SettingsSources(IConfiguration root)
{
    public const string Section = "AgentWorkflows";

    private readonly List<(IConfiguration Configuration, bool EveryKeyIsOurs)> _sources = [(root.GetSection(Section), true)];
    private IConfiguration? _merged;

    /// <summary>All of them as one.</summary>
    public IConfiguration Merged => _merged ??=
        _sources.Aggregate((IConfigurationBuilder)new ConfigurationBuilder(), (builder, source) => builder.AddConfiguration(source.Configuration)).Build();

    public void Add(IConfiguration configuration, bool everyKeyIsOurs)
    {
        _sources.Add((configuration, everyKeyIsOurs));
        _merged = null;
    }

    /// <summary>Keys that nobody reads: a setting with a slip in its name would otherwise do nothing and say nothing.</summary>
    public IEnumerable<string> Unknown(IEnumerable<SettingsKey> known)
    {
        var names = known.Select(key => key.Key).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        return _sources.Where(source => source.EveryKeyIsOurs).SelectMany(source => source.Configuration.GetChildren())
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path}: there is no such setting.{Hint(child.Key, names)} Allowed: {string.Join(", ", names)}.{Variable(child)}")
            .Distinct();
    }

    private static string Hint(string key, string[] names) => NearestName.Find(key, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Only of the section: its keys may be environment variables.</summary>
    private static string Variable(IConfigurationSection child) => child.Path.Contains(':', StringComparison.Ordinal)
        ? $" As an environment variable it is called {child.Path.Replace(":", "__", StringComparison.Ordinal)}."
        : "";
}
