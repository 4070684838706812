using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Tools.Sources;

public sealed class OutsideSchemaTests
{
    [Theory]
    [InlineData("""{}""", """{"type":"object","properties":{},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","contentEncoding":"base64","format":"byte"}},"required":["a","gone"]}""",
        """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"$defs":{"id":{"type":"integer","minimum":1}},"type":"object","properties":{"a":{"$ref":"#/$defs/id","description":"An id."}}}""",
        """{"type":"object","properties":{"a":{"type":"integer","minimum":1,"description":"An id."}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"string","maxLength":3},{"type":"null"}]}}}""",
        """{"type":"object","properties":{"a":{"type":["string","null"],"maxLength":3}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[{"type":"string"},{"type":"integer"}]}}}""",
        """{"type":"object","properties":{"a":{"type":["string","integer"]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"allOf":[{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]},{"properties":{"c":{}}}]}}}""",
        """{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"},"c":{}},"required":["b"]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","nullable":true,"enum":["x"]}}}""",
        """{"type":"object","properties":{"a":{"type":["string","null"],"enum":["x",null]}},"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"(["}},"additionalProperties":{"type":"string"}}""",
        """{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""")]
    public void Enforceable_KeepsWhatTheGateCanCheck(string schema, string expected)
    {
        var enforceable = OutsideSchema.Enforceable(JsonElement.Parse(schema));

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), enforceable), enforceable.GetRawText());
        Assert.Empty(SchemaCheck.FindProblems(enforceable));
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/a"}},"properties":{"x":{"$ref":"#/$defs/a"}}}""")]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"left":{"$ref":"#/$defs/n"},"right":{"$ref":"#/$defs/n"},"up":{"$ref":"#/$defs/n"}}}},"properties":{"x":{"$ref":"#/$defs/n"}}}""")]
    [InlineData("""{"properties":{"x":{"$ref":"https://example.org/schema.json"}}}""")]
    [InlineData("""{"type":["object","null"],"properties":{"x":true,"y":{"items":[{"type":"string"}]}}}""")]
    [InlineData("""[]""")]
    [InlineData("\"text\"")]
    public void Enforceable_EndsAndCanBeEnforced_WhateverComes(string schema) =>
        Assert.Empty(SchemaCheck.FindProblems(OutsideSchema.Enforceable(JsonElement.Parse(schema))));
}
