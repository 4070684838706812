using System.Text.Json;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Functions.Tests.Hosting;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>What the deployed app sends to Application Insights, and as whom.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class TelemetryTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(10));

    [AzuriteFact]
    public async Task It_sends_each_function_and_its_outgoing_calls_once_with_a_token_of_its_identity()
    {
        await using var insights = await IngestionEndpoint.StartAsync(_limit.Token);
        await using var worker = await PublishedWorker.StartAsync(
            (await Azurite.GetAsync()).ConnectionString, _limit.Token,
            // All of it, soon.
            [.. insights.Settings, ("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage"), ("OTEL_TRACES_SAMPLER_ARG", "1"), ("OTEL_BSP_SCHEDULE_DELAY", "100")]);

        Assert.Equal(200, (await worker.GetAsync("Api", "/api/sessions", _limit.Token)).Status);

        var spans = new List<JsonElement>();
        await foreach (var item in insights.ItemsAsync(_limit.Token))
        {
            if (item.GetProperty("data").GetProperty("baseType").GetString() is "RequestData" or "RemoteDependencyData")
            {
                spans.Add(item.GetProperty("data").GetProperty("baseData"));
            }
            // It ends after all that it did.
            if (spans.Any(span => Text(span, "name") == "function Api"))
            {
                break;
            }
        }
        Assert.Single(spans, span => Text(span, "type") == "Http" && Text(span, "data").Contains("publishedSessionLists", StringComparison.Ordinal));
        var ofRoute = Assert.Single(spans, span => Text(span, "name") == "function Api").GetProperty("properties");
        Assert.Equal("ListSessions", Text(ofRoute, "agentworkflows.route"));
        Assert.Equal(spans.Count, spans.Select(span => Text(span, "id")).Distinct().Count());
        Assert.All(insights.Authorizations, authorization => Assert.Equal($"Bearer {IngestionEndpoint.Token}", authorization));
        Assert.Contains(insights.TokensAsked, asked => asked.Resource.StartsWith("https://monitor.azure.com", StringComparison.Ordinal) && asked.ClientId == "the-identity");
    }

    public void Dispose() => _limit.Dispose();

    private static string Text(JsonElement span, string key) => span.TryGetProperty(key, out var value) ? value.GetString() ?? "" : "";
}
