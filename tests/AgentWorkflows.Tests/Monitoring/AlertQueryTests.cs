using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests.Monitoring;

/// <summary>An alert on a metric that nothing measures never fires, and nobody notices.</summary>
public sealed class AlertQueryTests
{
    private static readonly string Bicep = File.ReadAllText(Path.Combine(Repository.Root, "infra", "alerts.bicep"));

    [Fact]
    public void Alerts_ask_for_what_is_measured()
    {
        var rules = AlertQueries.Read(Bicep);

        Assert.Equal(18, rules.Count);
        Assert.All(rules, rule => Assert.Empty(AlertQueries.Problems(rule.Value)));
    }

    [Theory]
    [InlineData("cost", "agentworkflows.cost\"", "agentworkflows.costs\"", "Nothing measures 'agentworkflows.costs'.")]
    [InlineData("tool-errors", "gen_ai.tool.name", "gen_ai.tool", "'agentworkflows.tool.calls' has no dimension 'gen_ai.tool'.")]
    [InlineData("tool-errors", "sum(Sum)", "sum(ItemCount)", "Only histograms have a count; agentworkflows.tool.calls is none.")]
    [InlineData("compensations", "\"unknown\"", "\"unkown\"", "'agentworkflows.outcome' is never 'unkown'.")]
    [InlineData("errors", "rolled_back\"", "rolledback\"", "'agentworkflows.session.status' is never 'rolledback'.")]
    [InlineData("cap-reached", "global-hour", "global_hour", "'agentworkflows.cap' is never 'global_hour'.")]
    [InlineData("cost-outliers", "agentworkflows.cost_usd", "agentworkflows.usd", "No span has 'agentworkflows.usd'.")]
    [InlineData("model-latency", "chat ", "chats ", "No span begins with 'chats'.")]
    [InlineData("model-latency", "DurationMs", "Duration", "What is 'Duration'?")]
    [InlineData("step-errors", "AppRequests", "AppRequest", "There is no table AppRequest.")]
    public void A_typo_is_found(string rule, string text, string typo, string problem)
    {
        var query = AlertQueries.Read(Bicep)[rule];
        Assert.Contains(text, query, StringComparison.Ordinal);

        Assert.Contains(problem, AlertQueries.Problems(query.Replace(text, typo, StringComparison.Ordinal)));
    }
}
