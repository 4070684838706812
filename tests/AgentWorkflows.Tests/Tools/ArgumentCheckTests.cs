using System.Text.Json;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class ArgumentCheckTests
{
    [Theory]
    [InlineData("""{"format":"date"}""", "\"2026-02-28\"", true)]
    [InlineData("""{"format":"date"}""", "\"2026-02-30\"", false)]
    [InlineData("""{"format":"date-time"}""", "\"2026-02-28T10:00:00Z\"", true)]
    [InlineData("""{"format":"date-time"}""", "\"2026-02-28 10:00\"", false)]
    [InlineData("""{"format":"email"}""", "\"ada@example.com\"", true)]
    [InlineData("""{"format":"email"}""", "\"Ada <ada@example.com>\"", false)]
    [InlineData("""{"format":"email"}""", "\"ada@example.com\\nBcc: eve@example.com\"", false)]
    [InlineData("""{"format":"email"}""", "\"ada@example.com, eve@example.com\"", false)]
    [InlineData("""{"format":"uri"}""", "\"https://example.com/a\"", true)]
    [InlineData("""{"format":"uri"}""", "\"file:///etc/passwd\"", false)]
    [InlineData("""{"format":"uuid"}""", "\"123e4567-e89b-12d3-a456-426614174000\"", true)]
    [InlineData("""{"format":"uuid"}""", "\"1042\"", false)]
    [InlineData("""{"multipleOf":0.01}""", "12.34", true)]
    [InlineData("""{"multipleOf":0.01}""", "12.345", false)]
    [InlineData("""{"exclusiveMaximum":10}""", "10", false)]
    [InlineData("""{"const":"yes"}""", "\"no\"", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,2,3]", true)]
    [InlineData("""{"maxLength":5}""", "\"\\ud800\"", false)]
    [InlineData("""{"pattern":"^(a+)+$"}""", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", false)]
    public void AValue_IsCheckedAgainstItsKeyword(string schema, string value, bool passes)
    {
        var problems = ArgumentCheck.FindProblems(
            JsonElement.Parse($$"""{"type":"object","properties":{"v":{{schema}} } }"""), JsonElement.Parse($$"""{"v":{{value}}}"""));

        Assert.Equal(passes, problems.Count == 0);
    }

    [Fact]
    public void AnArgumentGivenTwice_IsRefused() => Assert.Equal(
        ["'id' is given twice."],
        ArgumentCheck.FindProblems(JsonElement.Parse("""{"type":"object","properties":{"id":{}}}"""), JsonElement.Parse("""{"id":1,"id":2}""")).Select(p => p.Message));

    [Theory]
    [InlineData("""{"type":"string"}""", "Arguments are an object")]
    [InlineData("""{"type":"object","oneOf":[]}""", "'oneOf' is not enforced here.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"strnig"}}}""", "'strnig' is not a type.")]
    [InlineData("""{"type":"object","properties":{"a":{"format":"phone"}}}""", "'phone' is not an enforced format.")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"("}}}""", "'pattern' is not a regular expression")]
    [InlineData("""{"type":"object","properties":{"a":{"minimum":"1"}}}""", "'minimum' must be a number.")]
    [InlineData("""{"type":"object","required":["b"],"properties":{"a":{}}}""", "'b' is required but not among the properties.")]
    public void ASchemaThatCannotBeEnforced_IsAProblem(string schema, string problem) =>
        Assert.Contains(SchemaCheck.FindProblems(JsonElement.Parse(schema)), found => found.Message.StartsWith(problem, StringComparison.Ordinal));
}
