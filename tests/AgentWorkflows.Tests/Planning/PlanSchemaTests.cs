using System.Text.Json;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class PlanSchemaTests
{
    private static readonly ToolDeclaration Refund = new("issue_refund", "Refunds.", Json(
        """{"type":"object","properties":{"order_id":{"type":"string","minLength":1},"amount":{"type":"number","minimum":0},"items":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"},"n":{"type":"integer"}},"required":["sku"],"additionalProperties":false}}},"required":["order_id"],"additionalProperties":false}"""));

    [Fact]
    public void EveryObject_IsClosedAndRequiresAllItsProperties()
    {
        var schema = PlanSchema.For([Refund]);

        Assert.True(schema.Strict);
        var objects = Objects(schema.Schema).ToList();
        Assert.True(objects.Count >= 5);
        Assert.All(objects, found =>
        {
            Assert.False(found.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(
                found.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(),
                found.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).Order());
        });
        Assert.DoesNotContain("minLength", schema.Schema.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyToolsWithTheSameFirstArgument_MakeASchemaThatTheRulesAllow()
    {
        var tools = Enumerable.Range(0, 40).Select(i => Refund with { Name = $"tool_{i}" }).ToList();

        var schema = PlanSchema.For(tools);

        Assert.True(schema.Strict);
        Assert.Null(StructuredOutputs.FirstProblem(schema.Schema));
    }

    [Fact]
    public void AValueListWithoutAType_GetsTheTypeOfItsValues()
    {
        var schema = PlanSchema.For([new ToolDeclaration("other", "Other.", Json(
            """{"type":"object","properties":{"a":{"enum":["x","y"]},"b":{"const":7}},"required":["a","b"],"additionalProperties":false}"""))]);

        Assert.True(schema.Strict);
        Assert.Contains("""{"enum":["x","y"],"type":"string"}""", schema.Schema.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("""{"const":7,"type":"number"}""", schema.Schema.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"object","properties":{"k":{"type":"string"}},"required":["k"],"additionalProperties":false},{"type":"object","properties":{"k":{"type":"integer"}},"required":["k"],"additionalProperties":false}]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x",1]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object"}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{}},"additionalProperties":false}""")]
    public void ArgumentsOutsideTheSubset_LeaveTheGeneralSchema(string parameters) =>
        Assert.False(PlanSchema.For([Refund, new ToolDeclaration("other", "Other.", Json(parameters))]).Strict);

    [Fact]
    public void NullsOfOptionalArguments_AreTakenOut_OthersStay()
    {
        var plan = new Plan
        {
            Steps =
            [
                new PlanStep { Id = "a", Tool = "issue_refund", Arguments = Json("""{"order_id":null,"amount":null,"items":[{"sku":"x","n":null}],"new":null}""") },
                new PlanStep { Id = "b", Tool = "unknown", Arguments = Json("""{"x":null}""") },
            ],
        };

        var cleaned = PlanSchema.WithoutNulls(plan, [Refund]);

        Assert.Equal("""{"order_id":null,"items":[{"sku":"x"}],"new":null}""", cleaned.Steps[0].Arguments.GetRawText());
        Assert.Equal("""{"x":null}""", cleaned.Steps[1].Arguments.GetRawText());
    }

    private static IEnumerable<JsonElement> Objects(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => [.. IsObjectSchema(element) ? [element] : Array.Empty<JsonElement>(), .. element.EnumerateObject().SelectMany(member => Objects(member.Value))],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static bool IsObjectSchema(JsonElement element) =>
        element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "object";

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
