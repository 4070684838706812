using AgentWorkflows.Agents;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

/// <summary>What a file may say of labels, and what it may not.</summary>
public sealed class LabelReadingTests
{
    [Fact]
    public void Labels_AreReadFromTheFile_AndAnAgentWithoutThemHasNone()
    {
        var plain = AgentFiles.Valid();
        var labelled = AgentFiles.Valid(agent: Agent("labels: [untrusted, confidential]", "may_see: [confidential]"));

        Assert.Equal((DataLabels.None, DataLabels.None, (IReadOnlyList<string>?)null), (plain.FindTool("look")!.Labels, plain.FindTool("pay")!.MaySee, plain.ConfidentialModels));
        Assert.Equal(DataLabels.Untrusted | DataLabels.Confidential, labelled.FindTool("look")!.Labels);
        Assert.Equal(DataLabels.Confidential, labelled.FindTool("pay")!.MaySee);
        Assert.DoesNotContain("labels", AgentSnapshot.Of(plain).Content.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataLabels.Untrusted, DataLabels.None, false, DataLabels.Untrusted)]
    [InlineData(DataLabels.Untrusted, DataLabels.None, true, DataLabels.None)]
    [InlineData(DataLabels.Untrusted | DataLabels.Confidential, DataLabels.None, true, DataLabels.Confidential)]
    [InlineData(DataLabels.None, DataLabels.Confidential, true, DataLabels.Confidential)]
    public void AFile_CanVouchForWhatIsUntrusted_AndNeverMakeConfidentialDataPublic(DataLabels source, DataLabels file, bool trusted, DataLabels read) =>
        Assert.Equal(read, LabelRule.Of(source, file, trusted));

    [Theory]
    [InlineData("labels: [secret]", "", "tools.look.labels: 'secret' is not a label. Allowed: untrusted, confidential, trusted.")]
    [InlineData("labels: [trusted, untrusted]", "", "tools.look.labels: Results are trusted or untrusted, not both.")]
    [InlineData("", "may_see: [untrusted]", "tools.pay.may_see: 'untrusted' is not a label that has to be allowed. Allowed: confidential.")]
    [InlineData("", "may_see: [confidential]", "tools.pay.compensation.tool: 'unpay' takes back what may have been done with confidential data, and may not see it.", false)]
    public void WhatCannotBe_IsReported(string look, string pay, string problem, bool unpayMaySee = true) =>
        Assert.Contains(AgentFiles.Problems(Agent(look, pay, unpayMaySee)), found => found.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void ADeploymentThatMaySeeConfidentialData_HasToBePriced() => Assert.Contains(
        AgentFiles.Problems(AgentFiles.Head.Replace("{plan: {deployment: offline-playbook}}", "{plan: {deployment: offline-playbook}, confidential: [gpt-none]}", StringComparison.Ordinal) + AgentFiles.Tools),
        found => found.Contains("models.confidential: 'gpt-none' has no price in prices.yaml", StringComparison.Ordinal));

    private static string Agent(string look, string pay, bool unpayMaySee = true) => AgentFiles.Head + AgentFiles.Tools
        .Replace("    tier: read\n", $"    tier: read\n    {look}\n", StringComparison.Ordinal)
        .Replace("    side_effects: [money]\n", $"    side_effects: [money]\n    {pay}\n", StringComparison.Ordinal)
        .Replace("    offered: false\n", $"    offered: false\n{(unpayMaySee ? "    may_see: [confidential]\n" : "")}", StringComparison.Ordinal);
}
