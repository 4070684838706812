using AgentWorkflows.Agents.Yaml;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Hosting.Settings;

/// <summary>Which keys at a place are settings.</summary>
internal enum KeysThere
{
    /// <summary>Some; others are somebody else's.</summary>
    Some,

    /// <summary>All: one that is none is a slip.</summary>
    All,

    /// <summary>Environment variables with <see cref="SettingsSources.VariablePrefix"/>: programs may have some of their own, but none spelt nearly like a setting.</summary>
    Variables,
}

/// <summary>Where settings are read from, the weakest first.</summary>
internal sealed class SettingsSources(IConfiguration root)
{
    public const string VariablePrefix = "AGENTWORKFLOWS_";
    private const string Section = "AgentWorkflows";
    private const string SectionLetters = "agentworkflows";

    /// <summary>Variables of ours that are no settings of a host.</summary>
    private static readonly string[] OtherVariables = ["API_KEY", "APPROVAL_KEYS", "PUBLIC_URL", "TASK_HUB", "WRITE_DOCS"];

    private readonly List<(IConfiguration Configuration, KeysThere Keys)> _weak = [];
    private readonly List<(IConfiguration Configuration, KeysThere Keys)> _strong = [(root.GetSection(Section), KeysThere.All)];
    private readonly List<string> _problems = [];

    /// <summary>Places that are there and cannot be read, each with what to do about it.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public void Add(IConfiguration configuration, KeysThere keys, bool weakest) => (weakest ? _weak : _strong).Add((configuration, keys));

    public void AddProblem(string problem) => _problems.Add(problem);

    /// <summary>All of them as one.</summary>
    /// <param name="hostsOwnToo">With the host's whole configuration among them, which wins over the weak ones only.</param>
    public IConfiguration Merge(bool hostsOwnToo)
    {
        var builder = new ConfigurationBuilder();
        foreach (var (configuration, _) in (IEnumerable<(IConfiguration, KeysThere)>)
            [.. _weak, .. hostsOwnToo ? [(root, KeysThere.Some)] : Array.Empty<(IConfiguration, KeysThere)>(), .. _strong])
        {
            builder.AddConfiguration(configuration);
        }
        return builder.Build();
    }

    /// <summary>Keys that nobody reads, and values where keys should stand: a setting with a slip in its name would otherwise do nothing and say nothing.</summary>
    public IEnumerable<string> Unknown(IEnumerable<SettingsKey> known)
    {
        var keys = known.DistinctBy(key => key.Key, StringComparer.OrdinalIgnoreCase).OrderBy(key => key.Key, StringComparer.Ordinal).ToArray();
        string[] names = [.. keys.Select(key => key.Key)];
        var ours = _weak.Concat(_strong).ToList();
        return ours.Where(source => source.Keys == KeysThere.All).SelectMany(source => source.Configuration.GetChildren())
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path}: there is no such setting.{Hint(child.Key, names)} Allowed: {string.Join(", ", names)}.{Variable(child)}")
            .Concat(ours.Where(source => source.Keys == KeysThere.Variables).SelectMany(source => source.Configuration.GetChildren())
                .Select(child => VariableProblem(child.Key, child.GetChildren().Any(), names)).OfType<string>())
            .Concat(ours.Where(source => source.Keys != KeysThere.Some).SelectMany(source => source.Configuration.GetChildren())
                .Where(child => child.Value is { Length: > 0 } && keys.Any(key => key is { IsValue: false } && key.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                .Select(child => $"{child.Path} is a value, and must be a section with keys of its own."))
            .Concat(root.GetChildren().Where(child => IsNearlyTheSection(child.Key))
                .Select(child => $"{child.Path}: nothing reads this. Settings stand in the section '{Section}', and in variables that begin with {Section}__."))
            .Distinct();
    }

    private static string Hint(string key, string[] names) => Nearest(key, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private static string? Nearest(string key, string[] names)
    {
        var small = NearestName.Find(key.ToLowerInvariant(), [.. names.Select(name => name.ToLowerInvariant())]);
        return names.FirstOrDefault(name => name.Equals(small, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Only of the section: its keys may be environment variables.</summary>
    private static string Variable(IConfigurationSection child) => child.Path.Contains(':', StringComparison.Ordinal)
        ? $" As an environment variable it is called {child.Path.Replace(":", "__", StringComparison.Ordinal)}."
        : "";

    private static string? VariableProblem(string key, bool hasKeys, string[] names)
    {
        if (names.Concat(OtherVariables).Contains(key, StringComparer.OrdinalIgnoreCase) || key.StartsWith('_'))
        {
            return null;
        }
        var written = VariablePrefix + key;
        if (names.FirstOrDefault(name => key.StartsWith($"{name}_", StringComparison.OrdinalIgnoreCase)) is { } section)
        {
            return $"{written}: there is no such variable. Between a section and its key stand two underscores: {VariablePrefix}{section}__{key[(section.Length + 1)..]}.";
        }
        return hasKeys || Nearest(key, names) is not null
            ? $"{written}{(hasKeys ? "__…" : "")}: there is no such variable.{Hint(key, names)} Allowed after {VariablePrefix}: {string.Join(", ", names)}."
            : null;
    }

    private static bool IsNearlyTheSection(string key)
    {
        if (key.Equals(Section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var letters = string.Concat(key.Where(char.IsAsciiLetter)).ToLowerInvariant();
        return letters.StartsWith(SectionLetters[..^1], StringComparison.Ordinal) || NearestName.Find(key.ToLowerInvariant(), [SectionLetters]) is not null;
    }
}
