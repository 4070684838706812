using AgentWorkflows.Telemetry;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests.Monitoring;

/// <summary>docs/monitoring.md has every metric as it is. <c>AGENTWORKFLOWS_WRITE_DOCS=1</c> writes the table anew.</summary>
public sealed class MonitoringDocsTests
{
    private const string Begin = "<!-- metrics -->\n";
    private const string End = "<!-- /metrics -->";
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "monitoring.md");

    [Fact]
    public void The_page_has_every_metric_as_it_is()
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var rows = Metrics.All.Select(metric =>
            $"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()}, `{metric.Unit}` | {metric.Description} | {string.Join(", ", metric.Dimensions.Select(name => $"`{name}`"))} |");
        var table = string.Join('\n', ["| metric | | what | dimensions |", "| --- | --- | --- | --- |", .. rows]) + "\n";
        if (Environment.GetEnvironmentVariable("AGENTWORKFLOWS_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, text[..begin] + table + text[end..]);
            return;
        }

        Assert.Equal(table, text[begin..end]);
    }

    [Fact]
    public void The_page_has_every_alert()
    {
        var text = File.ReadAllText(Page);

        Assert.All(AlertQueries.Read(File.ReadAllText(Path.Combine(Repository.Root, "infra", "alerts.bicep"))).Keys, rule => Assert.Contains($"| `{rule}` |", text, StringComparison.Ordinal));
    }
}
