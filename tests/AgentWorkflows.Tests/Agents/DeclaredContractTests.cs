using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

/// <summary>Contracts that stand in C#, and what YAML adds to them.</summary>
public sealed class DeclaredContractTests
{
    [Fact]
    public void AContractInCode_NeedsNothingInYaml_AndYamlWinsKeyByKey()
    {
        var plain = Read("  ship: {}");
        var adjusted = Read("  ship: {tier: destructive, timeout: 8s, owner: night shift}");

        Assert.Equal(("Ships.", ToolTier.WriteRisky, TimeSpan.FromSeconds(3), "warehouse"), (plain.Description, plain.Tier, plain.Timeout, plain.Owner));
        Assert.Equal((true, "id", 9, "unpay"), (plain.Idempotent, plain.ResourceArgument, plain.MaxCallsPerMinute, plain.Compensation!.Tool));
        Assert.Equal("$idempotencyKey", plain.Compensation.Arguments["action_key"].GetString());
        Assert.Equal(("look", "$arguments.id", "hint"), (plain.Settle!.Tool, plain.Settle.Arguments["id"].GetString(), plain.Settle.Path));
        Assert.Equal(("true", "lost", TimeSpan.FromSeconds(2)), (Assert.Single(plain.Settle.Done), Assert.Single(plain.Settle.NotDone), plain.Settle.Wait));
        Assert.Equal((ToolTier.Destructive, TimeSpan.FromSeconds(8), "night shift"), (adjusted.Tier, adjusted.Timeout, adjusted.Owner));
        Assert.Equal(plain.SideEffects, adjusted.SideEffects);
    }

    [Fact]
    public void ParametersInYaml_NarrowWhatTheImplementationTakes() => Assert.NotEmpty(ArgumentCheck.FindProblems(
        Read("  ship: {parameters: {type: object, required: [id], properties: {id: {type: integer, maximum: 5}}}}").Parameters,
        System.Text.Json.JsonElement.Parse("""{"id":6}""")));

    [Theory]
    [InlineData("  ship: {tier: read}", "tools.ship.tier: The tool's code says 'write_risky'; this file may raise the tier, not lower it.")]
    [InlineData("  ship: {parameters: {type: object, properties: {weight: {type: integer}}}}", "tools.ship.parameters: 'ship' takes no argument 'weight'.")]
    [InlineData("  ship: {parameters: {type: object, properties: {}}}", "tools.ship.parameters: 'ship' requires the argument 'id'")]
    [InlineData("  ship: {parameters: {type: object, oneOf: []}}", "tools.ship.parameters: 'oneOf' is not enforced here.")]
    public void YamlThatWeakensOrWidens_IsRefused(string tool, string problem) =>
        Assert.Contains(AgentFiles.Problems(Agent(tool)), found => found.Contains(problem, StringComparison.Ordinal));

    private static ToolContract Read(string tool) => AgentFiles.Valid(agent: Agent(tool)).FindTool("ship")!;

    private static string Agent(string tool) => AgentFiles.Head + AgentFiles.Tools.TrimEnd() + "\n" + tool + "\n";
}
