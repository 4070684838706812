using System.Text.Json;
using AgentWorkflows.Models;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class StructuredOutputsTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{},"required":[],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"],"enum":["x",null],"description":"d"}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"$ref":"#/$defs/x"},{"$ref":"#/$defs/y"},{"type":"null"}]}},"required":["a"],"additionalProperties":false,"$defs":{"x":{"type":"object","properties":{"b":{"type":"integer"}},"required":["b"],"additionalProperties":false},"y":{"type":"object","properties":{"c":{"const":1,"type":"integer"}},"required":["c"],"additionalProperties":false}}}""")]
    [InlineData("""{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"],"additionalProperties":false}""")]
    public void WhatTheRulesAllow_HasNoProblem(string schema) => Assert.Null(StructuredOutputs.FirstProblem(Json(schema)));

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "$: the root is an object")]
    [InlineData("""{"type":"object","anyOf":[{"type":"object"}]}""", "$: the root is an object, and no anyOf")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "$: 'additionalProperties' is false")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":true}""", "$: 'additionalProperties' is false")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}""", "'a' differs")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", "'a' differs")]
    [InlineData("""{"type":"object","properties":{},"required":["a"],"additionalProperties":false}""", "'a' differs")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{}}},"required":["a"],"additionalProperties":false}""", "$.a: 'additionalProperties'")]
    [InlineData("""{"type":"object","properties":{"a":{"allOf":[]}},"required":["a"],"additionalProperties":false}""", "$.a: 'allOf' is not supported")]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[]}},"required":["a"],"additionalProperties":false}""", "$.a: 'oneOf' is not supported")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":["a"],"additionalProperties":false}""", "$.a: 'minLength' is not supported")]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false}""", "$.a: it has no type")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x"]}},"required":["a"],"additionalProperties":false}""", "$.a: it has no type")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"date"}},"required":["a"],"additionalProperties":false}""", "$.a: its type")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}},"required":["a"],"additionalProperties":false}""", "$.a: an array says")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","enum":[]}},"required":["a"],"additionalProperties":false}""", "$.a: 'enum' is")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x","description":"d"}},"required":["a"],"additionalProperties":false,"$defs":{"x":{"type":"string"}}}""", "$.a: '$ref' stands alone")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/y"}},"required":["a"],"additionalProperties":false,"$defs":{"x":{"type":"string"}}}""", "$.a: '$ref' refers to nothing")]
    [InlineData("""{"type":"object","properties":{},"required":[],"additionalProperties":false,"$defs":{"x":{"type":"map"}}}""", "x: its type")]
    public void EachRule_IsNamedWithItsPlace(string schema, string problem) =>
        Assert.Contains(problem, StructuredOutputs.FirstProblem(Json(schema)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""[{"type":"object","properties":{"id":{"type":"string"},"x":{"type":"string"}},"required":["id","x"],"additionalProperties":false},{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}]""")]
    [InlineData("""[{"$ref":"#/$defs/o"},{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}]""")]
    [InlineData("""[{"anyOf":[{"$ref":"#/$defs/o"},{"type":"null"}]},{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}]""")]
    public void ObjectsOfOneChoice_DoNotShareTheirFirstKey(string choices)
    {
        var schema = $$$$"""{"type":"object","properties":{"a":{"anyOf":{{{{choices}}}}}},"required":["a"],"additionalProperties":false,"$defs":{"o":{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}}}""";

        Assert.Equal("$.a: objects under one 'anyOf' share the first key 'id'.", StructuredOutputs.FirstProblem(Json(schema)));
    }

    [Theory]
    [InlineData(5000, 0, 0, 0, null)]
    [InlineData(5001, 0, 0, 0, "5001 properties")]
    [InlineData(1, 1000, 5, 0, null)]
    [InlineData(1, 1001, 5, 0, "1001 values")]
    [InlineData(1, 251, 59, 0, null)]
    [InlineData(1, 251, 60, 0, "an enum of more than 250 values")]
    [InlineData(1, 250, 479, 0, null)]
    [InlineData(1, 250, 480, 0, "characters together")]
    [InlineData(1, 0, 0, 8, null)]
    [InlineData(1, 0, 0, 9, "nested deeper than 10 levels")]
    public void Sizes_AreLimitedAsPublished(int properties, int values, int length, int depth, string? problem)
    {
        var inner = """{"type":"string"}""";
        for (var i = 0; i < depth; i++)
        {
            inner = $$"""{"type":"array","items":{{inner}}}""";
        }
        var members = Enumerable.Range(0, properties).Select(i => $"p{i}").ToList();
        var listed = values == 0 ? inner : $$"""{"type":"string","enum":{{JsonSerializer.Serialize(Enumerable.Range(0, values).Select(i => i.ToString("D4", null).PadRight(length)))}}}""";
        var schema = $$"""{"type":"object","properties":{{{string.Join(',', members.Select((name, i) => $"\"{name}\":{(i == 0 ? listed : "{\"type\":\"string\"}")}"))}}},"required":{{JsonSerializer.Serialize(members)}},"additionalProperties":false}""";

        var found = StructuredOutputs.FirstProblem(Json(schema));

        if (problem is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(problem, found, StringComparison.Ordinal);
        }
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
