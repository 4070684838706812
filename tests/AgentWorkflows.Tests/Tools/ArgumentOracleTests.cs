using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;
using Json.Schema;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

/// <summary>The product's own checker against a schema library, over schemas and values that nobody thought of.</summary>
public sealed class ArgumentOracleTests
{
    private const int Seeds = 20_000;
    private const int FormatValues = 5_000;
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.Flag };
    private static readonly EvaluationOptions WithFormats = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };

    [Fact]
    public void WhatTheCheckerAccepts_IsWhatTheSchemaAllows()
    {
        var accepted = 0;
        var different = new List<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var made = new SchemaSamples(seed);
            var schema = made.Arguments();
            var value = made.Near(schema);

            var allowed = Allows(schema, value, Options);
            var passes = Passes(schema, value);

            if (allowed != passes)
            {
                different.Add($"Seed {seed}: the schema {(allowed ? "allows" : "forbids")} it.\n{schema.ToJsonString()}\n{value.ToJsonString()}");
            }
            accepted += passes ? 1 : 0;
        }
        Assert.True(different.Count == 0, $"{different.Count} differ:\n" + string.Join("\n", different.Take(5)));
        // Otherwise one side of the comparison was never there.
        Assert.InRange(accepted, Seeds / 10, Seeds * 9 / 10);
    }

    /// <summary>Formats are stricter here, never more lenient; but for mail and web addresses, which here may have letters beyond ASCII.</summary>
    [Theory]
    [InlineData("date")]
    [InlineData("date-time")]
    [InlineData("uuid")]
    public void WhatAFormatAccepts_TheSchemasFormatAccepts(string format)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["v"] = new JsonObject { ["format"] = format } },
        };
        var accepted = 0;
        for (var seed = 0; seed < FormatValues; seed++)
        {
            var value = new JsonObject { ["v"] = FormatSamples.Near(format, new Random(seed)) };
            if (Passes(schema, value))
            {
                accepted++;
                Assert.True(Allows(schema, value, WithFormats), $"Seed {seed}: {value.ToJsonString()} is no {format}.");
            }
        }
        Assert.InRange(accepted, 1, FormatValues - 1);
    }

    private static bool Passes(JsonNode schema, JsonNode value) => ArgumentCheck.FindProblems(Element(schema), Element(value)).Count == 0;

    private static bool Allows(JsonNode schema, JsonNode value, EvaluationOptions options) =>
        JsonSchema.FromText(schema.ToJsonString()).Evaluate(Element(value), options).IsValid;

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}
