using AgentWorkflows.Agents;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

public sealed class AgentSnapshotTests
{
    private const string Playbook = """
        otherwise: No.
        entries:
          - name: one
            goal: x
            turns:
              - reason: Because.
                steps: [{id: a, tool: look, arguments: {id: 1}, time_budget: 500ms, success_criteria: [{path: id, operator: at_least, value: 1.50}]}]
              - reason: And.
                when: {a.ok: true}
                else_answer: E
                steps: [{id: b, tool: pay, arguments: {id: "{a.id}"}, on_failure: halt}]
            answer: A
            reactions: {failed: F}
        """;

    [Fact]
    public void A_definition_is_the_same_after_a_round_trip()
    {
        var snapshot = AgentSnapshot.Of(AgentFiles.Valid(Playbook));
        var read = snapshot.ToDefinition();

        Assert.Equal(snapshot.Hash, AgentSnapshot.Of(read).Hash);
        Assert.Equal(TimeSpan.FromSeconds(5), read.FindTool("pay")!.Timeout);
        Assert.Equal("1.50", read.Playbook!.Entries[0].Turns[0].Steps[0].SuccessCriteria[0].Value!.Value.GetRawText());
        Assert.Equal("$idempotencyKey", read.FindTool("pay")!.Compensation!.Arguments["action_key"].GetString());
        Assert.Equal(100, read.FindTool("pay")!.Parameters.GetProperty("properties").GetProperty("id").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public void The_hash_follows_the_content()
    {
        var agent = AgentFiles.Valid();

        Assert.Equal(AgentSnapshot.Of(agent).Hash, AgentSnapshot.Of(AgentFiles.Valid()).Hash);
        Assert.NotEqual(AgentSnapshot.Of(agent).Hash, AgentSnapshot.Of(agent with { Instructions = "Be careful." }).Hash);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_snapshot_is_found_by_another_process_and_then_kept_in_memory()
    {
        var store = new SnapshotStore();
        var hash = await new AgentSnapshots(store).SaveAsync(AgentFiles.Valid(), default);
        var elsewhere = new AgentSnapshots(store);

        Assert.Equal("desk", (await elsewhere.GetAsync(hash, default))!.Name);
        Assert.Same(await elsewhere.GetAsync(hash, default), await elsewhere.GetAsync(hash, default));
        Assert.Equal(1, store.Reads);
        Assert.Null(await elsewhere.GetAsync("unknown", default));
    }
}
