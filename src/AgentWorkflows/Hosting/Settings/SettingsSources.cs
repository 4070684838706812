using AgentWorkflows.Agents.Yaml;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Hosting.Settings;

/// <summary>Where settings are read from, the weakest first.</summary>
internal sealed class SettingsSources(IConfiguration root)
{
    private const string Section = "AgentWorkflows";

    private readonly List<(IConfiguration Configuration, bool EveryKeyIsOurs)> _weak = [];
    private readonly List<(IConfiguration Configuration, bool EveryKeyIsOurs)> _strong = [(root.GetSection(Section), true)];

    public void Add(IConfiguration configuration, bool everyKeyIsOurs, bool weakest) => (weakest ? _weak : _strong).Add((configuration, everyKeyIsOurs));

    /// <summary>All of them as one.</summary>
    /// <param name="hostsOwnToo">With the host's whole configuration among them, which wins over the weak ones only.</param>
    public IConfiguration Merge(bool hostsOwnToo)
    {
        var builder = new ConfigurationBuilder();
        foreach (var (configuration, _) in (IEnumerable<(IConfiguration, bool)>)[.. _weak, .. hostsOwnToo ? [(root, false)] : Array.Empty<(IConfiguration, bool)>(), .. _strong])
        {
            builder.AddConfiguration(configuration);
        }
        return builder.Build();
    }

    /// <summary>Keys that nobody reads: a setting with a slip in its name would otherwise do nothing and say nothing.</summary>
    public IEnumerable<string> Unknown(IEnumerable<SettingsKey> known)
    {
        var names = known.Select(key => key.Key).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        return _weak.Concat(_strong).Where(source => source.EveryKeyIsOurs).SelectMany(source => source.Configuration.GetChildren())
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
