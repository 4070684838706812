using System.Reflection;
using System.Text.Json;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>The folder that is deployed says to the platform what it has to know.</summary>
public sealed class PublishedAppTests
{
    private static readonly string[] HostKeys = ["version", "telemetryMode", "logging", "extensions", "functionTimeout"];

    /// <summary>What the host's own HTTP extension reads; it is a part of the platform and not of the app.</summary>
    private static readonly string[] HttpKeys = ["routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled", "hsts", "customHeaders"];

    [Fact]
    public void The_platform_finds_each_function_of_the_app_and_no_other()
    {
        var functions = Read("functions.metadata").EnumerateArray().ToList();

        Assert.Equal(Declared().Order(StringComparer.Ordinal), functions.Select(function => Text(function, "name")).Order(StringComparer.Ordinal));
        Assert.All(functions, function =>
        {
            Assert.Equal(("AgentWorkflows.Functions.dll", "dotnet-isolated"), (Text(function, "scriptFile"), Text(function, "language")));
            Assert.Single(function.GetProperty("bindings").EnumerateArray(), binding => Text(binding, "type").EndsWith("Trigger", StringComparison.Ordinal));
            var entry = Text(function, "entryPoint");
            var declaring = typeof(ApiFunctions).Assembly.GetType(entry[..entry.LastIndexOf('.')], throwOnError: true)!;
            Assert.NotNull(declaring.GetMethod(entry[(entry.LastIndexOf('.') + 1)..]));
        });
    }

    /// <summary>Each is a lease that the platform keeps, and each run is billed; a monitor writes a blob at each.</summary>
    [Fact]
    public void The_platform_keeps_two_timers_without_a_monitor()
    {
        var timers = Read("functions.metadata").EnumerateArray().SelectMany(function => function.GetProperty("bindings").EnumerateArray()
            .Where(binding => Text(binding, "type") == "timerTrigger")
            .Select(binding => (Text(function, "name"), Text(binding, "schedule"), binding.GetProperty("useMonitor").GetBoolean())));

        Assert.Equal([("DailyWork", "30 */5 * * * *", false), ("Maintenance", "0 * * * * *", false)], timers.Order());
    }

    [Fact]
    public void The_platform_loads_the_durable_extension_from_the_folder()
    {
        var extensions = Read("extensions.json").GetProperty("extensions").EnumerateArray().ToList();

        Assert.Contains("DurableTask", extensions.Select(extension => Text(extension, "name")));
        Assert.All(extensions, extension => Assert.True(File.Exists(Path.Combine(PublishedApp.Folder, Text(extension, "hintPath"))), Text(extension, "hintPath")));
    }

    [Fact]
    public void The_platform_starts_the_worker_by_its_description()
    {
        var description = Read("worker.config.json").GetProperty("description");

        Assert.Equal(
            ("dotnet-isolated", "dotnet", PublishedApp.Worker, "true"),
            (Text(description, "language"), Text(description, "defaultExecutablePath"), Text(description, "defaultWorkerPath"), Text(description, "workerIndexing")));
        Assert.True(File.Exists(Path.Combine(PublishedApp.Folder, Path.ChangeExtension(PublishedApp.Worker, "runtimeconfig.json"))));
    }

    [Fact]
    public void The_durable_extension_knows_each_key_of_the_hosts_file() =>
        Assert.Empty(ExtensionOptions.Load().ProblemsOf(Read("host.json").GetProperty("extensions").GetProperty("durableTask")));

    [Fact]
    public void A_key_that_the_extension_does_not_know_is_named()
    {
        var options = JsonSerializer.Deserialize<JsonElement>("""
            { "hubname": "H", "taskHub": "H", "maxConcurrentActivityFunctions": "many", "overridableExistingInstanceStates": "Some",
              "storageProvider": { "type": "AzureStorage", "partitions": 4, "maxQueuePollingInterval": "soon" }, "tracing": { "version": "V2", "replay": true } }
            """);

        Assert.Equal(
            [
                "extensions.durableTask.taskHub: DurableTaskOptions has no such option.",
                "extensions.durableTask.maxConcurrentActivityFunctions: 'many' is no Nullable`1.",
                "extensions.durableTask.overridableExistingInstanceStates: 'Some' is no OverridableStates.",
                "extensions.durableTask.storageProvider.partitions: AzureStorageOptions has no such option.",
                "extensions.durableTask.storageProvider.maxQueuePollingInterval: 'soon' is no TimeSpan.",
                "extensions.durableTask.tracing.replay: TraceOptions has no such option.",
            ],
            ExtensionOptions.Load().ProblemsOf(options));
    }

    [Fact]
    public void The_host_knows_the_rest()
    {
        var host = Read("host.json");

        Assert.Empty(Keys(host).Except(HostKeys));
        Assert.Empty(Keys(host.GetProperty("extensions")).Except(["http", "durableTask"]));
        Assert.Empty(Keys(host.GetProperty("extensions").GetProperty("http")).Except(HttpKeys));
    }

    [Fact]
    public void What_a_developer_sets_for_his_own_machine_is_not_deployed() =>
        Assert.False(File.Exists(Path.Combine(PublishedApp.Folder, "local.settings.json")));

    private static IEnumerable<string> Declared() => typeof(ApiFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>();

    private static IEnumerable<string> Keys(JsonElement json) => json.EnumerateObject().Select(entry => entry.Name);

    private static JsonElement Read(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(PublishedApp.Folder, file)));

    private static string Text(JsonElement json, string key) => json.GetProperty(key).GetString()!;
}
