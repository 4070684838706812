using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Samples.OrderDesk;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Server.Tests.Samples.OrderDesk;

/// <summary>With a schema that breaks a rule of structured outputs, every call of a session against the real service would be refused.</summary>
public sealed class PlanSchemaOfShippedAgentsTests
{
    [Fact]
    public void TheSchemaOfEveryAgentAndRole_IsEnforced_AndKeepsEveryPublishedRule()
    {
        // Nothing is called, so no file is opened there.
        var tools = new ToolCatalog(OrderDeskTools.Create(Path.Combine(Path.GetTempPath(), "none"), TimeProvider.System));
        var loaded = Assert.IsType<AgentLoadResult.Loaded>(AgentFolder.Load(SessionWorld.ShippedAgents, tools));
        Assert.NotEmpty(loaded.Agents);

        foreach (var agent in loaded.Agents)
        {
            // A role that no rule names is one, too.
            string[] roles = [.. agent.Permissions.SelectMany(rule => rule.Roles).Distinct(), "anybody"];
            foreach (var role in roles)
            {
                ToolDeclaration[] declared = [.. agent.ToolsFor(role).Select(tool => new ToolDeclaration(tool.Name, tool.Description, tool.Parameters))];
                var schema = PlanSchema.For(declared);

                Assert.True(schema.Strict == declared.Length > 0, $"{agent.Name}, {role}: the schema of its plans is not enforced.");
                Assert.True(!schema.Strict || StructuredOutputs.FirstProblem(schema.Schema) is null, $"{agent.Name}, {role}: {StructuredOutputs.FirstProblem(schema.Schema)}");
            }
            Assert.True(roles.Length >= 2);
        }
    }
}
