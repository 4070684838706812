using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

public sealed class AgentFolderTests
{
    [Fact]
    public void Load_WhenEverythingIsGiven_ReadsEveryValue()
    {
        var agent = AgentFiles.Valid(agent: AgentFiles.Head + """
            limits: {max_iterations: 7, max_tool_calls: 0, max_tokens: 9, max_age: 2h, max_retries: 1, max_cost_usd: 0.123456, max_burn_usd_per_hour: 3.5}
            approvals: {tiers: [destructive], timeout: 500s}
            rollback: {on_failure: false, on_halt: false, on_rejection: true, retention: 3d}
            required_context: [user_id]

            """ + AgentFiles.Tools.Replace("description: Pays.", "description: Pays.\n    retry: {attempts: 5, first_delay: 500ms}\n    cost_usd_per_call: 0.000001"));

        Assert.Equal((7, 0, 9, TimeSpan.FromHours(2), 1, 123_456L), (agent.Limits.MaxIterations, agent.Limits.MaxToolCalls, agent.Limits.MaxTokens, agent.Limits.MaxAge, agent.Limits.MaxRetries, agent.Limits.MaxCostMicros));
        Assert.Equal(3_500_000, agent.Limits.MaxBurnMicrosPerHour);
        Assert.Equal([ToolTier.Destructive], agent.Approvals.Tiers);
        Assert.Equal((false, false, true, TimeSpan.FromDays(3)), (agent.Rollback.OnFailure, agent.Rollback.OnHalt, agent.Rollback.OnRejection, agent.Rollback.Retention));
        Assert.Equal(["user_id"], agent.RequiredContext);
        Assert.Equal(new ToolRetryPolicy { MaxAttempts = 5, FirstDelay = TimeSpan.FromMilliseconds(500) }, agent.FindTool("pay")!.Retry);
        Assert.Equal(1, agent.FindTool("pay")!.CostMicrosPerCall);
        Assert.Equal(1_600_000, agent.Prices["offline-playbook"].OutputMicrosPerMillion);
        Assert.Equal(4, agent.Models.Count);
    }

    [Fact]
    public void A_tool_without_a_tier_is_destructive_and_asks_first()
    {
        var agent = AgentFiles.Valid(agent: AgentFiles.Head + AgentFiles.Tools.Replace("description: Pays.\n    tier: write_risky", "description: Pays."));

        Assert.Equal(ToolTier.Destructive, agent.FindTool("pay")!.Tier);
        Assert.Contains(ToolTier.Destructive, agent.Approvals.Tiers);
    }

    [Fact]
    public void What_cannot_be_taken_back_is_destructive_whatever_its_tier_says() =>
        Assert.Equal(ToolTier.Destructive, AgentFiles.Valid(agent: AgentFiles.Head + """
            tools:
              pay: {description: Pays., tier: write_safe, timeout: 5s, side_effects: [money], irreversible: true}
            """).Tools[0].Tier);

    [Fact]
    public void Problems_NameFileLineKeyAndWhatIsAllowed_AllAtOnce()
    {
        var problems = AgentFiles.Problems(AgentFiles.Head + """
            limts: {max_iterations: 3}
            limits: {max_iterations: 0, max_cost_usd: 0.0000001, max_age: 3 hours}
            tools:
              look:
                description: Looks.
                tier: risky
                timeout: 1s
                side_effects: [x]
                irreversible: true
              lok: {description: Looks.}
            """);

        Assert.Equal(
            [
                "desk/agent.yaml:6: limts: There is no such key. Did you mean 'limits'? Allowed: name, version, description, instructions, models, tools, permissions, limits, approvals, rollback, required_context, screening, mcp, openapi, http.",
                "desk/agent.yaml:7: limits.max_iterations: '0' is out of range. Allowed: whole numbers from 1 to 1,000.",
                "desk/agent.yaml:7: limits.max_age: '3 hours' is not a duration. Write a whole number and a unit: 500ms, 10s, 5m, 24h or 7d.",
                "desk/agent.yaml:7: limits.max_cost_usd: '0.0000001' is out of range. Allowed: USD from 0.000001 to 1,000,000, with at most six decimals.",
                "desk/agent.yaml:11: tools.look.tier: 'risky' is not a tier. Allowed: read, write_safe, write_risky, destructive.",
                "desk/agent.yaml:15: tools.lok.implementation: This host has no implementation 'lok'. Did you mean 'look'? Known: look, pay, ship, unpay.",
            ],
            problems);
    }

    [Theory]
    [InlineData("look: {description: L, tier: read, side_effects: [x]}", "tools.look.side_effects: A tool of tier 'read' has no side effects.")]
    [InlineData("look: {description: L, tier: read, compensation: {tool: look, instructions: I}}", "tools.look.compensation: A tool of tier 'read' changes nothing")]
    [InlineData("pay: {description: P, tier: write_risky, side_effects: [x], irreversible: true}", "tools.pay.timeout: A tool of tier 'destructive' needs an explicit timeout")]
    [InlineData("pay: {description: P, side_effects: [x], irreversible: true}", "tools.pay.timeout: A tool of tier 'destructive' needs an explicit timeout")]
    [InlineData("pay: {description: P, tier: write_safe, side_effects: [x]}", "tools.pay.compensation: A tool that writes needs a compensation")]
    [InlineData("pay: {description: P, tier: write_safe, irreversible: true}", "tools.pay.side_effects: A tool that writes says what it changes")]
    [InlineData("look: {description: L, tier: read, resource: order}", "tools.look.resource: The tool has no argument 'order'. Its arguments: id, hint.")]
    [InlineData("look: {description: L, tier: read, timeout: 11m}", "tools.look.timeout: '11m' is out of range. Allowed: 100ms to 10m.")]
    [InlineData("look: {description: L, tier: read, retry: {attempts: 11}}", "tools.look.retry.attempts: '11' is out of range.")]
    [InlineData("look: {tier: read}", "tools.look.description: This key is required.")]
    [InlineData("Look: {tier: read, implementation: look, description: L}", "tools.Look: 'Look' is not a tool name.")]
    public void A_contradicting_contract_is_refused(string tool, string problem) =>
        Assert.Contains(AgentFiles.Problems(AgentFiles.Head + "tools:\n  " + tool), line => line.StartsWith($"desk/agent.yaml:7: {problem}", StringComparison.Ordinal));

    [Theory]
    [InlineData("{tool: nothing, instructions: I}", "tool: The agent has no tool 'nothing'. Its tools: look, pay, unpay.")]
    [InlineData("{tool: look, arguments: {id: 1}, instructions: I}", "tool: 'look' has tier 'read': it cannot undo anything.")]
    [InlineData("{tool: unpay, instructions: I}", "arguments: 'unpay' requires the argument 'action_key'.")]
    [InlineData("{tool: unpay, arguments: {action_key: x, other: 1}, instructions: I}", "arguments: 'unpay' has no argument 'other'.")]
    [InlineData("{tool: unpay, arguments: {action_key: $result.id}, instructions: I}", "arguments: 'action_key': $result.id is not known when a crash cut the action off")]
    [InlineData("{tool: unpay, arguments: {action_key: $arguments.amount}, instructions: I}", "arguments: 'action_key': $arguments.amount may be absent")]
    [InlineData("{tool: unpay, arguments: {action_key: $arguments.nothing}, instructions: I}", "arguments: 'action_key': 'pay' has no argument 'nothing'.")]
    [InlineData("{tool: unpay, arguments: {action_key: $key}, instructions: I}", "arguments: 'action_key': '$key' is not a reference.")]
    public void A_compensation_that_could_not_run_is_refused(string compensation, string problem)
    {
        var tools = AgentFiles.Tools.Replace(
            "compensation:\n      tool: unpay\n      arguments: {action_key: $idempotencyKey}\n      instructions: Ask the bank.", $"compensation: {compensation}");

        Assert.Contains(AgentFiles.Problems(AgentFiles.Head + tools), line => line.Contains($": tools.pay.compensation.{problem}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{tool: nothing}", "tool: The agent has no tool 'nothing'. Its tools: look, pay, unpay.")]
    [InlineData("{tool: unpay, arguments: {action_key: $idempotencyKey}}", "tool: 'unpay' writes: whoever only looks must change nothing.")]
    [InlineData("{tool: look}", "arguments: 'look' requires the argument 'id'.")]
    [InlineData("{tool: look, arguments: {id: $arguments.id, key: $idempotencyKey}}", "arguments: 'look' has no argument 'key'.")]
    [InlineData("{tool: look, arguments: {id: $result.id}}", "arguments: 'id': '$result.id' is not known when a call gave no answer. Allowed: $arguments.NAME, $idempotencyKey.")]
    [InlineData("{tool: look, arguments: {id: $outcome}}", "arguments: 'id': '$outcome' is not known when a call gave no answer.")]
    [InlineData("{tool: look, arguments: {id: $arguments.amount}}", "arguments: 'id': $arguments.amount may be absent")]
    [InlineData("{tool: look, arguments: {id: $arguments.id}, path: a..b}", "path: 'a..b' is not a path.")]
    [InlineData("{tool: look, arguments: {id: $arguments.id}, done: []}", "done: This list is empty")]
    [InlineData("{tool: look, arguments: {id: $arguments.id}, done: [paid], not_done: [open, paid]}", "not_done: 'paid' stands under done and not_done.")]
    [InlineData("{tool: look, arguments: {id: $arguments.id}, wait: 11m}", "wait: '11m' is out of range. Allowed: 0ms to 10m.")]
    [InlineData("{tool: look, arguments: {id: $arguments.id}, when: 1}", "when: There is no such key. ")]
    public void A_look_that_could_not_settle_anything_is_refused(string settle, string problem) => Assert.Contains(
        AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools.Replace("    side_effects: [money]", $"    side_effects: [money]\n    settle: {settle}")),
        line => line.Contains($": tools.pay.settle.{problem}", StringComparison.Ordinal));

    [Fact]
    public void A_look_is_read_with_what_it_asks_and_what_its_answers_mean()
    {
        var agent = AgentFiles.Valid(agent: AgentFiles.Head + AgentFiles.Tools.Replace(
            "    side_effects: [money]", "    side_effects: [money]\n    settle: {tool: look, arguments: {id: $arguments.id, hint: $idempotencyKey}, path: state.now, done: [paid, 1], not_done: [none], wait: 3s}"));
        var settle = agent.FindTool("pay")!.Settle!;

        Assert.Equal(("look", "state.now", TimeSpan.FromSeconds(3)), (settle.Tool, settle.Path, settle.Wait));
        Assert.Equal(["TookEffect", "TookEffect", "DidNot", "CannotTell", "CannotTell"], new[]
        {
            """{"state":{"now":"paid"}}""", """{"state":{"now":1}}""", """{"state":{"now":"none"}}""", """{"state":{"now":null}}""", """{"state":"paid"}""",
        }.Select(result => settle.Read(System.Text.Json.JsonElement.Parse(result)).ToString()));
    }

    [Fact]
    public void A_look_on_a_tool_that_reads_is_refused() => Assert.Contains(
        AgentFiles.Problems(AgentFiles.Head + "tools:\n  look: {description: L, tier: read, settle: {tool: look, arguments: {id: $arguments.id}}}"),
        line => line.Contains("tools.look.settle: A tool of tier 'read' changes nothing, so nothing is ever in doubt.", StringComparison.Ordinal));

    [Fact]
    public void An_optional_argument_of_a_compensation_may_come_from_the_result() =>
        AgentFiles.Valid(agent: AgentFiles.Head + AgentFiles.Tools.Replace("{action_key: $idempotencyKey}", "{action_key: $arguments.id, payment: $result.id}"));

    [Theory]
    [InlineData("name: desk\nname: desk", "desk/agent.yaml:2: Not valid YAML")]
    [InlineData("name: ]", "desk/agent.yaml:1: Not valid YAML")]
    [InlineData("- a list", "desk/agent.yaml:1: The file must hold one YAML document that is a map")]
    [InlineData("a: &x 1\nb: *x", "desk/agent.yaml:2: '*x' is an alias.")]
    [InlineData("name: other", "desk/agent.yaml:1: name: 'other' is not the name of its folder.")]
    public void A_file_that_cannot_be_read_is_a_problem_with_its_line(string agent, string problem) =>
        Assert.Contains(AgentFiles.Problems(agent), line => line.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("{input: 0, output: 1}", "models.m.input: '0' is out of range.")]
    [InlineData("{input: 1, cached_input: 2, output: 1}", "models.m.cached_input: Cached input cannot cost more than input.")]
    [InlineData("{input: 1}", "models.m.output: This key is required.")]
    public void A_wrong_price_is_refused(string price, string problem) =>
        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools, prices: $"version: '1'\neffective: 2026-01-01\nsource: s\nmodels:\n  m: {price}"),
            line => line.StartsWith($"prices.yaml:5: {problem}", StringComparison.Ordinal));

    [Fact]
    public void A_deployment_without_a_price_is_refused() =>
        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head.Replace("offline-playbook", "gpt-9") + AgentFiles.Tools),
            line => line == "desk/agent.yaml:5: models.plan.deployment: 'gpt-9' has no price in prices.yaml. Priced: offline-playbook.");

    [Theory]
    [InlineData("plan: {deployment: offline-playbook, simple: gpt-9}", "models.plan.simple: 'gpt-9' has no price in prices.yaml.")]
    [InlineData("plan: {deployment: offline-playbook, simple: offline-playbook}", "models.plan.simple: 'offline-playbook' is the deployment itself.")]
    [InlineData("plan: {deployment: offline-playbook, fallback: offline-playbook}", "models.plan.fallback: 'offline-playbook' is the deployment itself.")]
    [InlineData("plan: {deployment: default}, answer: {simple: offline-playbook}", "models.answer.simple: There is no such key.")]
    [InlineData("plan: {deployment: default, temperature: warm}", "models.plan.temperature: 'warm' is out of range. Allowed: numbers from 0 to 2, or none.")]
    public void A_route_that_cannot_work_is_refused(string models, string problem) =>
        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head.Replace("{plan: {deployment: offline-playbook}}", $"{{{models}}}") + AgentFiles.Tools),
            line => line.StartsWith($"desk/agent.yaml:5: {problem}", StringComparison.Ordinal));

    [Theory]
    [InlineData("none", null)]
    [InlineData("0.3", 0.3)]
    [InlineData("~", 0d)]
    public void A_temperature_may_be_left_out_of_requests_and_stays_so_in_the_snapshot(string yaml, double? temperature)
    {
        var agent = AgentFiles.Valid(agent: AgentFiles.Head.Replace("{deployment: offline-playbook}", $"{{deployment: default, simple: offline-playbook, temperature: {yaml}}}") + AgentFiles.Tools);

        var snapshot = AgentSnapshot.Of(agent).ToDefinition();

        Assert.Equal(temperature, agent.Models[ModelPurpose.Plan].Temperature);
        Assert.Equal(agent.Models[ModelPurpose.Plan], snapshot.Models[ModelPurpose.Plan]);
        Assert.Equal("offline-playbook", snapshot.Models[ModelPurpose.Plan].Simple);
    }

    [Fact]
    public void A_catalog_finds_agents_by_name()
    {
        var agent = AgentFiles.Valid();
        var catalog = new AgentCatalog([agent]);

        Assert.Same(agent, catalog.Find("desk"));
        Assert.Null(catalog.Find("Desk"));
        Assert.Equal(ModelPurpose.Plan, catalog.Agents.Single().Models.Keys.Single(purpose => purpose == ModelPurpose.Plan));
    }
}
