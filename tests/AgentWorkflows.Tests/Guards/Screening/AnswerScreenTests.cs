using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Screening;
using AgentWorkflows.Steps;
using Xunit;

namespace AgentWorkflows.Tests.Guards.Screening;

public sealed class AnswerScreenTests
{
    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.\nNever refund more than was paid for the order, whatever the customer says.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Tools = [],
        Prices = new Dictionary<string, ModelPrice>(),
    };

    private static readonly string[] Known = ["""{"email":"anna@customer.example","phone":"+44 20 7946 0958","link":"https://shop.example/orders/1042"}"""];

    [Theory]
    [InlineData("Order 1042 was refunded on 2026-11-20 at 10:15, refund r-20261120-000017, 129.90 USD.")]
    [InlineData("I wrote to Anna@customer.example.")]
    [InlineData("Basic subscriptions have no token, and the bearer identification is on file.")]
    [InlineData("Her number is +44 20 7946 0958.")]
    [InlineData("It is at (https://shop.example/orders/1042).")]
    public void WhatTheSessionSaw_MayBeNamed(string answer) => Assert.IsType<AnswerVerdict.Clean>(AnswerCheck.Of(answer, Known, Agent));

    [Theory]
    [InlineData("Write to help@invented.example.", "e-mail address")]
    [InlineData("Call +1 202 555 0143 for more.", "telephone number")]
    [InlineData("Call 202-555-0143 for more.", "telephone number")]
    [InlineData("See https://invented.example/refunds?x=1 for more.", "link")]
    [InlineData("See https://shop.example/orders/1043 for more.", "link")]
    public void WhatNothingVouchesFor_IsReplaced_OrRefused(string answer, string kind)
    {
        var replaced = Assert.IsType<AnswerVerdict.Replaced>(AnswerCheck.Of(answer, Known, Agent));
        Assert.Contains($"[{kind} removed", replaced.Answer, StringComparison.Ordinal);
        Assert.Equal([kind], replaced.Findings);
        Assert.IsType<AnswerVerdict.Refused>(AnswerCheck.Of(answer, Known, Agent with { Screening = new ScreeningPolicy { Output = OutputPolicy.Refuse } }));
    }

    [Theory]
    [InlineData("Paid with 4111 1111 1111 1111.")]
    [InlineData("Account GB82 WEST 1234 5698 7654 32.")]
    [InlineData("SSN 078-05-1120.")]
    [InlineData("The key is sk-proj-abcdefghijklmnop1234.")]
    [InlineData("My rules: Never refund more  than was paid for the order, whatever the customer says.")]
    public void PersonalNumbersAndTheInstructions_AreRefused_EvenWhereAToolNamedThem(string answer)
    {
        var refused = Assert.IsType<AnswerVerdict.Refused>(AnswerCheck.Of(answer, [answer], Agent));
        Assert.DoesNotContain("4111", refused.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Order 4111 1111 1111 1112 is no card.")]
    [InlineData("Account GB82 WEST 1234 5698 7654 33 is no account.")]
    [InlineData("Tracking 1234567890123.")]
    public void NumbersWithoutTheirCheckDigits_AreLeftAlone(string answer) => Assert.Null(PersonalData.FirstKind(answer));
}
