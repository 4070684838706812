using System.Text;
using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Hosting.Settings;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The places of settings that only the embedded host has.</summary>
internal static class ConfigurationFile
{
    public const string Name = "agentworkflows.json";
    private const int MaxBytes = 1024 * 1024;

    /// <returns>The file's settings, and why it cannot be read although somebody wrote one.</returns>
    public static (IConfiguration Settings, string? Problem) Read(string directory)
    {
        var nothing = new ConfigurationBuilder().Build();
        var path = Path.Combine(Path.GetFullPath(directory), Name);
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            return (nothing, Misspelt(directory));
        }
        return FileText.Of(path, MaxBytes) switch
        {
            FileText.Read read => Parse(read.Text, nothing),
            FileText.Unreadable unreadable => (nothing, $"{Name}:{unreadable.Line}: {unreadable.Problem}"),
            var other => throw new InvalidOperationException($"Unknown text {other.GetType().Name}."),
        };
    }

    public static IConfiguration Variables() => new ConfigurationBuilder().AddEnvironmentVariables(SettingsSources.VariablePrefix).Build();

    private static (IConfiguration, string?) Parse(string text, IConfiguration nothing)
    {
        try
        {
            return (new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build(), null);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or JsonException)
        {
            var json = Causes(exception).OfType<JsonException>().FirstOrDefault();
            var message = json is null ? Causes(exception).Last().Message : json.Message.Split(" LineNumber:", 2)[0];
            return (nothing, FormattableString.Invariant($"{Name}:{(json?.LineNumber ?? 0) + 1}: This is not valid JSON: {message}"));
        }
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    /// <summary>Without a word a file with a slip in its name would do nothing.</summary>
    private static string? Misspelt(string directory)
    {
        try
        {
            var stem = Path.GetFileNameWithoutExtension(Name);
            var meant = Directory.EnumerateFiles(directory).Select(file => Path.GetFileName(file)).FirstOrDefault(file =>
                Path.GetExtension(file).ToLowerInvariant() is ".json" or ".jsonc" or ".yaml" or ".yml" or ".conf" && !file.Contains(".deps.", StringComparison.Ordinal)
                && !file.Contains(".runtimeconfig.", StringComparison.Ordinal) && NearestName.Find(Path.GetFileNameWithoutExtension(file).ToLowerInvariant(), [stem]) is not null);
            return meant is null ? null : $"{meant}: nothing reads a file of this name. Rename it to {Name}.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Who may not list the folder may still read a file in it: that there is none is then all there is to know.
            return null;
        }
    }
}
