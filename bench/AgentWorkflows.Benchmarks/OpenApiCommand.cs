using System.Diagnostics;
using System.Text.Json;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Benchmarks;

/// <summary>How long it takes until the tools of a large document are known. The first run of the process, as at a start.</summary>
internal static class OpenApiCommand
{
    private const double MaxSeconds = 2;

    public static async Task<int> RunAsync(string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("openapi-bench-");
        try
        {
            var rows = new List<object>();
            var slowest = 0.0;
            foreach (var (name, content) in new[] { ("repositories", LargeDocument.OfRepositories()), ("payments", LargeDocument.OfPayments()) })
            {
                var file = Path.Combine(folder.FullName, name + ".json");
                await File.WriteAllBytesAsync(file, content);
                await using var source = new OpenApiToolSource(
                    new OpenApiSettings("api") { Document = file }, new HttpServices(TimeProvider.System, _ => null, new SystemResolver()));
                var clock = Stopwatch.StartNew();
                var discovery = await source.DiscoverAsync(CancellationToken.None);
                var tools = ((ToolDiscovery.Found)discovery).Tools.Count;
                slowest = Math.Max(slowest, clock.Elapsed.TotalSeconds);
                rows.Add(new { document = name, bytes = content.Length, tools, seconds = Math.Round(clock.Elapsed.TotalSeconds, 3) });
            }
            Console.WriteLine(options.Contains("--json") ? JsonSerializer.Serialize(rows) : string.Join(Environment.NewLine, rows));
            return slowest < MaxSeconds ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
