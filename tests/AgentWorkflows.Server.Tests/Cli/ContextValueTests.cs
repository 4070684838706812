using System.Text.Json.Nodes;
using AgentWorkflows.Server.Cli;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

public sealed class ContextValueTests
{
    [Theory]
    [InlineData("budget_limit", "0.2", "0.2")]
    [InlineData("retries", "-3", "-3")]
    [InlineData("urgent", "true", "true")]
    [InlineData("none", "null", "null")]
    [InlineData("tags", "[1,\"a\"]", "[1,\"a\"]")]
    [InlineData("order", "{\"id\":7}", "{\"id\":7}")]
    [InlineData("ticket", "\"7\"", "\"7\"")]
    [InlineData("project_id", "demo", "\"demo\"")]
    [InlineData("zip", "007", "\"007\"")]
    [InlineData("note", "true enough", "\"true enough\"")]
    [InlineData("empty", "", "\"\"")]
    [InlineData("user_id", "7", "\"7\"")]
    [InlineData("role", "true", "\"true\"")]
    public void AValue_KeepsItsType(string key, string text, string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), ContextValue.Of(key, text)));
}
