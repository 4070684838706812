using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Whole sessions that run out of money.</summary>
public sealed class BudgetTests
{
    private const int Timeout = 60_000;
    private const string Refund = "Refund order 1042, it arrived broken, and tell the customer";

    [Fact(Timeout = Timeout)]
    public async Task ASession_WhoseCapIsLowerThanOneCall_IsHaltedAndSpendsNothing()
    {
        await using var world = await SessionWorld.StartAsync();

        var ended = await world.EndOfAsync(await world.StartSessionAsync(Refund, new RequestedLimits { MaxCostUsd = 0.000001m }));

        Assert.Equal((SessionStatus.Halted, FailureCategory.Budget, "cap_exceeded"), (ended.Status, ended.Failure!.Category, ended.Failure.Type));
        Assert.Contains($"The cap 'session:{ended.Session.Id}' does not allow this call: 0.000000 USD used", ended.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("0.000001 allowed", ended.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Ledger.ListAsync(ended.Session.Id, default));
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAnswerWithoutUsage_IsChargedAtItsReservation()
    {
        await using var world = await SessionWorld.StartAsync(new ScriptedChatModel(_ =>
            new ChatResult.Completed("""{"reason":"Known.","answer":"Done."}""", new ChatUsage(0, 0, 0)) { Model = "scripted" }));

        var ended = await world.EndOfAsync(await world.StartSessionAsync(Refund));

        var entry = Assert.Single(await world.Ledger.ListAsync(ended.Session.Id, default));
        Assert.Equal((SessionStatus.Completed, true), (ended.Status, entry.Actual!.InDoubt));
        Assert.Equal((entry.ReservedMicros, entry.ReservedMicros), (entry.CostMicros, ended.Session.Progress.CostMicros));
    }

    [Fact(Timeout = Timeout)]
    public async Task ACapThatIsLoweredWhileASessionRuns_StopsItsNextCall()
    {
        await using var world = await SessionWorld.StartAsync(adjust: services => services.Replace(ServiceDescriptor.Singleton(new CostCapOptions())));
        var id = await world.StartSessionAsync(Refund);
        var approval = await world.NextApprovalAsync();
        var spent = LedgerFacts.Total(await world.Ledger.ListAsync(id, default));
        world.Adjust = services => services.Replace(ServiceDescriptor.Singleton(new CostCapOptions { UserPerDayMicros = spent + 1 }));
        await world.RestartAsync();

        await world.DecideAsync(approval, DecisionKind.Approve);
        var ended = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.CompletedPartially, "cap_exceeded"), (ended.Status, ended.Failure!.Type));
        Assert.Contains("The cap 'user-day:u-1:", ended.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(spent, LedgerFacts.Total(await world.Ledger.ListAsync(id, default)));
    }
}
