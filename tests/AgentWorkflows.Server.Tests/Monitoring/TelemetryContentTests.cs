using System.Text.Json;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Monitoring;

/// <summary>Telemetry goes to other systems and other people: it has names and numbers, and nothing anybody said.</summary>
public sealed class TelemetryContentTests
{
    /// <summary>In everything that is said: goal, context, plan, arguments, result, failure, decision and answer.</summary>
    private const string Marker = "zanzibar";

    [Fact(Timeout = 60_000)]
    public async Task Nothing_that_was_said_is_in_a_span_or_a_metric()
    {
        await using var world = await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(
                new Plan
                {
                    Reason = $"{Marker} reason",
                    Steps =
                    [
                        ScriptedChatModel.Step($"{Marker}_note", "add_note", new { order_id = 1042, text = $"{Marker} argument" }),
                        ScriptedChatModel.Step("ask", "issue_refund", new { order_id = 1042, reason = $"{Marker} refund" }),
                    ],
                },
                ModelWorld.Lookup(id: $"{Marker}_look"),
                ModelWorld.Answer($"{Marker} answer")),
            all => new ReplacedTool(all, "get_order", (_, _) => Task.FromResult(ToolResult.Permanent($"{Marker} failure", $"{Marker} suggestion"))));
        using var recording = new Recording(world);
        var id = await world.StartSessionAsync($"{Marker} goal");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject, $"{Marker} rejection", approver: $"{Marker}-person");
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);

        var telemetry = string.Join('\n',
            recording.All.Select(measured => JsonSerializer.Serialize(measured))
                .Concat(recording.Spans.Select(span => JsonSerializer.Serialize(new
                {
                    span.DisplayName,
                    span.StatusDescription,
                    Tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value),
                    Events = span.Events.Select(e => e.Name),
                    span.Baggage,
                }))));
        Assert.True(recording.Spans.Count >= 6 && recording.All.Count >= 15, telemetry);
        Assert.DoesNotContain(Marker, telemetry, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Marker, string.Join('\n', (await world.Store.ListTimelineAsync(id, 0, 100, default)).Select(entry => entry.Title)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Metrics_have_the_dimensions_of_their_definitions_and_no_ids()
    {
        await using var world = await SessionWorld.StartAsync();
        using var recording = new Recording(world);
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken, and tell the customer");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.EndOfAsync(id);

        var definitions = Metrics.All.ToDictionary(metric => metric.Name);
        Assert.All(recording.All, measured => Assert.Subset(definitions[measured.Metric].Dimensions.ToHashSet(), measured.Tags.Keys.ToHashSet()));
        Assert.All(recording.All.SelectMany(measured => measured.Tags.Values), value =>
        {
            Assert.NotEqual(id, value);
            Assert.NotEqual("u-1", value);
        });
    }
}
