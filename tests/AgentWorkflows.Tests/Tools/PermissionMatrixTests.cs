using AgentWorkflows.Tools.Permissions;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class PermissionMatrixTests
{
    private static readonly PermissionRule[] Rules =
    [
        new() { Roles = ["intern"], Tools = ["issue_*"], Effect = PermissionEffect.Deny },
        new() { Roles = ["support", "lead"], Tools = ["issue_refund"], Resources = ["order_id=10*"], Effect = PermissionEffect.Ask },
        new() { Tools = ["cancel_order"], Resources = ["order_id=1042"], Effect = PermissionEffect.Deny },
        new() { Roles = ["lead"], Effect = PermissionEffect.Allow },
        new() { Tools = ["get_*", "cancel_order"], Effect = PermissionEffect.Allow },
    ];

    [Theory]
    [InlineData("intern", "issue_refund", "order_id=1001", PermissionEffect.Deny, 1)]
    [InlineData("support", "issue_refund", "order_id=1001", PermissionEffect.Ask, 2)]
    [InlineData("support", "issue_refund", "order_id=2001", PermissionEffect.Deny, null)]
    [InlineData("lead", "issue_refund", "order_id=2001", PermissionEffect.Allow, 4)]
    [InlineData("lead", "cancel_order", "order_id=1042", PermissionEffect.Deny, 3)]
    [InlineData("user", "cancel_order", "order_id=10420", PermissionEffect.Allow, 5)]
    [InlineData("user", "get_order", null, PermissionEffect.Allow, 5)]
    [InlineData("user", "send_message", "order_id=1001", PermissionEffect.Deny, null)]
    [InlineData("Support", "issue_refund", "order_id=1001", PermissionEffect.Deny, null)]
    internal void TheFirstRuleThatCoversACallDecides_AndNoRuleDenies(string role, string tool, string? resource, PermissionEffect effect, int? rule) =>
        Assert.Equal(new Permission(effect, rule), PermissionMatrix.Decide(Rules, role, tool, resource));

    [Fact]
    public void ACallThatNamesNoResource_IsCoveredByRulesThatRestrict_AndNotByRulesThatAllowSome()
    {
        Assert.Equal(new Permission(PermissionEffect.Deny, 3), PermissionMatrix.Decide(Rules, "user", "cancel_order", null));
        Assert.Equal(new Permission(PermissionEffect.Ask, 2), PermissionMatrix.Decide(Rules, "support", "issue_refund", null));
        Assert.Equal(
            new Permission(PermissionEffect.Deny, null),
            PermissionMatrix.Decide([new PermissionRule { Resources = ["order_id=1*"], Effect = PermissionEffect.Allow }], "user", "get_order", null));
    }

    [Fact]
    public void WithoutRules_EverythingIsDenied() =>
        Assert.Equal(new Permission(PermissionEffect.Deny, null), PermissionMatrix.Decide([], "lead", "get_order", "order_id=1001"));

    [Theory]
    [InlineData("intern", "issue_refund", false)]
    [InlineData("support", "issue_refund", true)]
    [InlineData("user", "issue_refund", false)]
    [InlineData("user", "cancel_order", true)]
    public void AToolThatCanNeverRun_IsNotOffered(string role, string tool, bool may) =>
        Assert.Equal(may, PermissionMatrix.MayEverRun(Rules, role, tool));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "abcb", false)]
    [InlineData("*b*b*", "abab", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a**", "a", true)]
    [InlineData("a", "A", false)]
    public void Wildcards_MatchTheWholeText(string pattern, string text, bool matches) => Assert.Equal(matches, Wildcard.Matches(pattern, text));

    [Fact(Timeout = 10_000)]
    public async Task APatternMadeToBeSlow_IsNot() =>
        Assert.False(await Task.Run(() => Wildcard.Matches(string.Concat(Enumerable.Repeat("a*", 200)) + "b", new string('a', 20_000))));
}
