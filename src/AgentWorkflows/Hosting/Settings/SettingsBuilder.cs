using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Hosting.Settings;

/// <summary>The one way in which settings are read: by every package, on every host.</summary>
internal static class SettingsBuilder
{
    /// <summary>
    /// One part of the settings, as <c>IOptions&lt;TSettings&gt;</c>: read once, when it is first asked for or the host starts. What is wrong is told at start, with
    /// what is wrong in every other part.
    /// </summary>
    /// <param name="key">Where it stands: a section or a single key. No other key is taken for a setting.</param>
    /// <param name="read">Answers the settings and all their problems, each of which names the key and what is allowed, and repeats no secret.</param>
    /// <param name="hostsOwnToo">True: also what stands in the host's configuration outside of our section, such as variables that others have named. Ours win.</param>
    /// <param name="isValue">True: the key has a value, not keys of its own.</param>
    public static IAgentWorkflowsBuilder AddSettings<TSettings>(
        this IAgentWorkflowsBuilder builder, string key, Func<IServiceProvider, IConfiguration, (TSettings Settings, IReadOnlyList<string> Problems)> read,
        bool hostsOwnToo = false, bool isValue = false)
        where TSettings : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new SettingsKey(key, isValue));
        builder.Services.AddOptions<TSettings>().ValidateOnStart();
        builder.Services.TryAddSingleton<IOptionsFactory<TSettings>>(services =>
            new SettingsFactory<TSettings>(() => read(services, services.GetRequiredService<SettingsSources>().Merge(hostsOwnToo))));
        return builder;
    }

    /// <summary>A further place of settings. What stands there wins over places added before, and over the section <c>AgentWorkflows</c>.</summary>
    /// <param name="keys">Which keys there are settings; one that should be and is not is a problem, as it is in the section.</param>
    /// <param name="problem">Why the place could not be read. The host does not start then.</param>
    /// <param name="weakest">True: every other place wins over this one instead.</param>
    public static IAgentWorkflowsBuilder AddSettingsFrom(
        this IAgentWorkflowsBuilder builder, IConfiguration configuration, KeysThere keys = KeysThere.Some, bool weakest = false, string? problem = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Settings().Add(configuration, keys, weakest);
        if (problem is not null)
        {
            builder.Settings().AddProblem(problem);
        }
        return builder;
    }

    /// <summary>The settings as far as their places are known by now, for what has to be decided before there is a container.</summary>
    public static IConfiguration SettingsSoFar(this IAgentWorkflowsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Settings().Merge(hostsOwnToo: false);
    }

    private static SettingsSources Settings(this IAgentWorkflowsBuilder builder) =>
        (SettingsSources)builder.Services.Single(service => service.ServiceType == typeof(SettingsSources)).ImplementationInstance!;

    private sealed class SettingsFactory<TSettings>(Func<(TSettings Settings, IReadOnlyList<string> Problems)> read) : IOptionsFactory<TSettings>
        where TSettings : class
    {
        public TSettings Create(string name)
        {
            var (settings, problems) = read();
            return problems.Count == 0 ? settings : throw new OptionsValidationException(name, typeof(TSettings), problems);
        }
    }
}

/// <summary>A key that is a setting.</summary>
/// <param name="IsValue">It has a value, not keys of its own.</param>
internal sealed record SettingsKey(string Key, bool IsValue = false);
