using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class ToolJsonTests
{
    [Fact]
    public void SchemaOf_WhenTheTypeHasConstraints_StatesThem()
    {
        var expected = JsonNode.Parse("""
            {
              "type": "object",
              "properties": {
                "order_id": {"type": "integer", "description": "The order.", "minimum": 1001, "maximum": 1200},
                "amount": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 99.95},
                "reason": {"type": "string", "minLength": 3, "maxLength": 50},
                "code": {"type": "string", "pattern": "^(?:A|B)$", "maxLength": 4},
                "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
                "state": {"type": ["string", "null"], "enum": ["open", "closed"]}
              },
              "required": ["order_id", "reason", "code", "tags"],
              "additionalProperties": false
            }
            """);

        var schema = JsonSerializer.SerializeToNode(ToolJson.SchemaOf<Arguments>());

        Assert.True(JsonNode.DeepEquals(expected, schema), schema!.ToJsonString());
    }

    private sealed record Arguments
    {
        [Description("The order."), Range(1001, 1200)]
        public required int OrderId { get; init; }

        [Range(typeof(decimal), "0", "99.95", MinimumIsExclusive = true, ParseLimitsInInvariantCulture = true)]
        public decimal? Amount { get; init; }

        [StringLength(50, MinimumLength = 3)]
        public required string Reason { get; init; }

        [RegularExpression("A|B"), MaxLength(4)]
        public required string Code { get; init; }

        [MinLength(1), MaxLength(3)]
        public required IReadOnlyList<string> Tags { get; init; }

        [AllowedValues("open", "closed")]
        public string? State { get; init; }
    }
}
